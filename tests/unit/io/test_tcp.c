#include "io_test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "io/tcp.h"

static bool have_ipv6(void)
{
    struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    bool have = fd >= 0 && bind(fd, (const struct sockaddr *)&a, sizeof a) == 0;

    if (fd >= 0)
        close(fd);
    return have;
}

static bool listens_on(const char *host, uint16_t port, struct tcp_listener *l)
{
    char copy[64];
    struct port_config config = { .kind = PORT_TCP, .tcp_port = port };
    int r;

    if (host) {
        (void)snprintf(copy, sizeof copy, "%s", host);
        config.host = copy;
    }
    r = tcp_listen(&config, l);
    assert_true(r == 0 || r == -EADDRINUSE);
    return r == 0;
}

static uint16_t free_port(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    close(fd);
    return ntohs(a.sin_port);
}

/* Listens on a port that was free a moment ago; another may have taken it, so a few are tried. */
static uint16_t listen_somewhere(const char *host, struct tcp_listener *l)
{
    for (int i = 0; i < 20; i++) {
        uint16_t port = free_port();

        if (listens_on(host, port, l))
            return port;
    }
    fail_msg("no free port");
    return 0;
}

static int try_connect(int family, uint16_t port)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
                               .sin6_port = htons(port),
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    int fd = socket(family, SOCK_STREAM, 0);
    int r;

    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    if (family == AF_INET)
        r = connect(fd, (const struct sockaddr *)&v4, sizeof v4);
    else
        r = connect(fd, (const struct sockaddr *)&v6, sizeof v6);
    if (r < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Takes the next client from whichever socket has one. */
static struct transport accept_next(const struct tcp_listener *l)
{
    struct transport t = TRANSPORT_CLOSED;
    struct pollfd p[TCP_LISTENERS_MAX];

    for (size_t i = 0; i < l->n; i++)
        p[i] = (struct pollfd){ .fd = l->fds[i], .events = POLLIN };
    assert_true(poll(p, l->n, PATIENCE_MS) > 0);
    for (size_t i = 0; i < l->n; i++)
        if (p[i].revents) {
            assert_int_equal(tcp_accept(l->fds[i], &t), 0);
            return t;
        }
    fail_msg("no client");
    return t;
}

/* Connects and takes the client; the client's end in `ret_fd`. */
static struct transport meet(const struct tcp_listener *l, int family, uint16_t port, int *ret_fd)
{
    *ret_fd = try_connect(family, port);
    assert_true(*ret_fd >= 0);
    return accept_next(l);
}

static void expect_exchange(struct transport *t, int fd)
{
    fd_send(fd, awkward, sizeof awkward);
    transport_expect(t, awkward, sizeof awkward);
    assert_int_equal(t->ops->write(t, awkward, sizeof awkward), 0);
    fd_expect(fd, awkward, sizeof awkward);
}

static void expect_name(const struct transport *t, int fd, const char *format)
{
    struct sockaddr_in6 a = { 0 }; /* the port is at the same place in both families */
    socklen_t n = sizeof a;
    char name[sizeof t->name];

    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    (void)snprintf(name, sizeof name, "%s:%u", format, ntohs(a.sin6_port));
    assert_string_equal(t->name, name);
}

static int option(int fd, int level, int name)
{
    int value = -1;
    socklen_t n = sizeof value;

    assert_int_equal(getsockopt(fd, level, name, &value, &n), 0);
    return value;
}

static void test_loopback_v4(void **state)
{
    struct tcp_listener l;
    uint16_t port = listen_somewhere(NULL, &l);
    int fd;
    struct transport t = meet(&l, AF_INET, port, &fd);

    (void)state;
    assert_int_equal(t.kind, PORT_TCP);
    assert_int_equal(t.keeper_fd, -1);
    expect_name(&t, fd, "127.0.0.1");
    expect_exchange(&t, fd);
    close(fd);
    transport_close(&t);
    tcp_listener_close(&l);
    assert_int_equal(l.n, 0);
    assert_int_equal(try_connect(AF_INET, port), -1);
}

static void test_loopback_v6(void **state)
{
    struct tcp_listener l;
    uint16_t port;
    int fd;

    (void)state;
    if (!have_ipv6())
        skip(); /* no ::1 on this machine */
    port = listen_somewhere(NULL, &l);
    assert_int_equal(l.n, 2);
    struct transport t = meet(&l, AF_INET6, port, &fd);

    expect_name(&t, fd, "[::1]");
    expect_exchange(&t, fd);
    close(fd);
    transport_close(&t);
    tcp_listener_close(&l);
}

static void test_one_v4_address(void **state)
{
    struct tcp_listener l;
    uint16_t port = listen_somewhere("127.0.0.1", &l);
    int fd;
    struct transport t = meet(&l, AF_INET, port, &fd);

    (void)state;
    assert_int_equal(l.n, 1);
    assert_int_equal(l.fds[1], -1);
    if (have_ipv6())
        assert_int_equal(try_connect(AF_INET6, port), -1);
    close(fd);
    transport_close(&t);
    tcp_listener_close(&l);
}

static void test_one_v6_address(void **state)
{
    struct tcp_listener l;
    uint16_t port;
    int fd;

    (void)state;
    if (!have_ipv6())
        skip(); /* no ::1 on this machine */
    port = listen_somewhere("::1", &l);
    struct transport t = meet(&l, AF_INET6, port, &fd);

    assert_int_equal(option(l.fds[0], IPPROTO_IPV6, IPV6_V6ONLY), 1);
    assert_int_equal(try_connect(AF_INET, port), -1);
    close(fd);
    transport_close(&t);
    tcp_listener_close(&l);
}

static void test_all_of_both_families(void **state)
{
    struct tcp_listener l;
    uint16_t port;
    int v4;
    int v6;

    (void)state;
    if (!have_ipv6())
        skip(); /* no ::1 on this machine */
    port = listen_somewhere("::", &l);
    struct transport a = meet(&l, AF_INET, port, &v4);
    struct transport b = meet(&l, AF_INET6, port, &v6);

    assert_int_equal(l.n, 1);
    expect_name(&a, v4, "127.0.0.1");
    expect_name(&b, v6, "[::1]");
    expect_exchange(&a, v4);
    expect_exchange(&b, v6);
    close(v4);
    close(v6);
    transport_close(&a);
    transport_close(&b);
    tcp_listener_close(&l);
}

static void test_listen_refused(void **state)
{
    struct tcp_listener l;
    struct tcp_listener second = { .n = 0 };
    struct port_config name = { .host = (char[]){ "localhost" }, .tcp_port = 1 };
    struct port_config foreign = { .host = (char[]){ "203.0.113.77" }, .tcp_port = 10001 };
    uint16_t port = listen_somewhere(NULL, &l);

    (void)state;
    assert_false(listens_on(NULL, port, &second));
    assert_int_equal(tcp_listen(&name, &second), -EINVAL);
    assert_int_equal(tcp_listen(&foreign, &second), -EADDRNOTAVAIL);
    assert_int_equal(second.n, 0);
    tcp_listener_close(&l);
}

/* A daemon that is restarted while a client was connected listens at once. */
static void test_listen_again(void **state)
{
    struct tcp_listener l;
    uint16_t port = listen_somewhere(NULL, &l);
    int fd;
    struct transport t = meet(&l, AF_INET, port, &fd);

    (void)state;
    transport_close(&t); /* we close first, so TIME_WAIT stays with our port */
    assert_int_not_equal(poll_for(fd, POLLIN, PATIENCE_MS), 0);
    close(fd);
    tcp_listener_close(&l);
    assert_true(listens_on(NULL, port, &l));
    tcp_listener_close(&l);
}

static void test_no_client_waits(void **state)
{
    struct tcp_listener l;
    struct transport t = TRANSPORT_CLOSED;

    (void)state;
    (void)listen_somewhere(NULL, &l);
    assert_int_equal(tcp_accept(l.fds[0], &t), -EAGAIN);
    assert_int_equal(t.fd, -1);
    tcp_listener_close(&l);
    assert_int_equal(tcp_accept(-1, &t), -EBADF);
}

static void test_options(void **state)
{
    struct tcp_listener l;
    uint16_t port = listen_somewhere("127.0.0.1", &l);
    int fd;
    struct transport t = meet(&l, AF_INET, port, &fd);

    (void)state;
    assert_true(fcntl(t.fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(t.fd, F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(l.fds[0], F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(l.fds[0], F_GETFD) & FD_CLOEXEC);
    assert_int_equal(option(t.fd, IPPROTO_TCP, TCP_NODELAY), 1);
    assert_int_equal(option(t.fd, SOL_SOCKET, SO_KEEPALIVE), 1);
    assert_int_equal(option(t.fd, IPPROTO_TCP, TCP_KEEPIDLE) +
                         option(t.fd, IPPROTO_TCP, TCP_KEEPINTVL) *
                             option(t.fd, IPPROTO_TCP, TCP_KEEPCNT),
                     60);
    close(fd);
    transport_close(&t);
    tcp_listener_close(&l);
}

/* Clients do not hear each other. */
static void test_several_clients(void **state)
{
    enum { N = 8 };
    struct tcp_listener l;
    uint16_t port = listen_somewhere(NULL, &l);
    struct transport t[N];
    int fd[N];

    (void)state;
    for (int i = 0; i < N; i++)
        t[i] = meet(&l, AF_INET, port, &fd[i]);
    for (uint8_t i = 0; i < (uint8_t)N; i++)
        fd_send(fd[i], &i, 1);
    for (uint8_t i = 0; i < (uint8_t)N; i++)
        transport_expect(&t[i], &i, 1);
    for (uint8_t i = 0; i < (uint8_t)N; i++)
        assert_int_equal(t[i].ops->write(&t[i], &i, 1), 0);
    for (uint8_t i = 0; i < (uint8_t)N; i++) {
        fd_expect(fd[i], &i, 1);
        close(fd[i]);
        transport_close(&t[i]);
    }
    tcp_listener_close(&l);
}

/* What a client sent before it closed is read first. */
static void test_client_closes(void **state)
{
    static const uint8_t ack[] = { 0xE5 };
    struct tcp_listener l;
    uint16_t port = listen_somewhere(NULL, &l);
    int fd;
    struct transport t = meet(&l, AF_INET, port, &fd);

    (void)state;
    fd_send(fd, ack, sizeof ack);
    close(fd);
    transport_expect(&t, ack, sizeof ack);
    assert_int_equal(transport_read_result(&t), -EPIPE);
    transport_close(&t);
    tcp_listener_close(&l);
}

static void test_client_resets(void **state)
{
    static const uint8_t ack[] = { 0xE5 };
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    struct tcp_listener l;
    uint16_t port = listen_somewhere(NULL, &l);
    int fd;
    struct transport t = meet(&l, AF_INET, port, &fd);

    (void)state;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    close(fd);
    assert_int_equal(transport_read_result(&t), -EPIPE);
    assert_int_equal(t.ops->write(&t, ack, sizeof ack), -EPIPE); /* and no SIGPIPE */
    transport_close(&t);
    tcp_listener_close(&l);
}

static void test_client_does_not_read(void **state)
{
    struct tcp_listener l;
    uint16_t port = listen_somewhere(NULL, &l);
    int fd;
    struct transport t = meet(&l, AF_INET, port, &fd);
    uint8_t frame[261];
    int r = 0;

    (void)state;
    memset(frame, 0x55, sizeof frame);
    errno = 0;
    for (int i = 0; i < 200000 && r == 0; i++)
        r = t.ops->write(&t, frame, sizeof frame);
    assert_int_equal(r, -EPIPE);
    close(fd);
    transport_close(&t);
    tcp_listener_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loopback_v4),
        cmocka_unit_test(test_loopback_v6),
        cmocka_unit_test(test_one_v4_address),
        cmocka_unit_test(test_one_v6_address),
        cmocka_unit_test(test_all_of_both_families),
        cmocka_unit_test(test_listen_refused),
        cmocka_unit_test(test_listen_again),
        cmocka_unit_test(test_no_client_waits),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_several_clients),
        cmocka_unit_test(test_client_closes),
        cmocka_unit_test(test_client_resets),
        cmocka_unit_test(test_client_does_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
