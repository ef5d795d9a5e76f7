/* The daemon on TCP: several masters, each on a bus of its own. */
#include "tests/system/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int begin(struct rig *rig, const char *settings)
{
    int port = free_tcp_port();

    rig_init(rig);
    rig_config(rig, "port = { device = \"tcp:%d\"; %s };\n" STOCK_METER, port, settings);
    rig_start(rig, NULL);
    return port;
}

static void end(struct rig *rig)
{
    rig_stop(rig);
    rig_done(rig);
}

static void stock_meter_is_read(void **state)
{
    struct rig rig;
    int port = begin(&rig, ""), fd = tcp_connect(port);

    (void)state;
    ASK(fd, "10 40 03 43 16", "E5");
    ASK(fd, "10 5B 03 5E 16", STOCK_0);
    ASK(fd, "10 5B 03 5E 16", STOCK_0);
    ASK(fd, "10 7B 03 7E 16", STOCK_1);
    close(fd);
    end(&rig);
}

/* FCB and stored telegram belong to the bus, the access number to the meter. */
static void each_client_is_a_bus_of_its_own(void **state)
{
    struct rig rig;
    int port = begin(&rig, ""), a = tcp_connect(port), b = tcp_connect(port);

    (void)state;
    ASK(a, "10 5B 03 5E 16", STOCK_0);
    ASK(b, "10 5B 03 5E 16", STOCK_1);
    ASK(a, "10 5B 03 5E 16", STOCK_0);
    ASK(b, "10 5B 03 5E 16", STOCK_1);
    ASK(b, "10 7B 03 7E 16", STOCK_2);
    send_hex(a, "10 5B");
    ASK(b, "10 40 03 43 16", "E5");
    send_hex(a, "03 5E 16");
    expect_hex(a, STOCK_0);
    close(a);
    ASK(b, "10 40 03 43 16", "E5");
    close(b);
    end(&rig);
}

static void many_requests_in_one_segment(void **state)
{
    struct rig rig;
    int port = begin(&rig, ""), fd = tcp_connect(port);

    (void)state;
    for (int i = 0; i < 100; i++)
        send_hex(fd, "10 40 03 43 16 10 5A 03 5D 16");
    for (int i = 0; i < 100; i++)
        expect_hex(fd, "E5 E5");
    expect_silence(fd, 100);
    close(fd);
    end(&rig);
}

static void garbage_costs_nothing(void **state)
{
    static const char *const broken[] = { "10 40 03 44 16", "68 03 04 68", "68", "A2 55 00 FF" };
    struct rig rig;
    int port = begin(&rig, "gap = \"50 ms\";"), fd = tcp_connect(port);

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
        send_hex(fd, broken[i]);
        expect_silence(fd, 120);
        ASK(fd, "10 40 03 43 16", "E5");
    }
    close(fd);
    end(&rig);
}

/* A client that sends all it has to say and closes its half still gets its answer. */
static void half_closed_clients_are_answered(void **state)
{
    struct rig rig;
    int port = begin(&rig, ""), fd = tcp_connect(port);

    (void)state;
    send_hex(fd, "10 7B 03 7E 16");
    shutdown(fd, SHUT_WR);
    expect_hex(fd, STOCK_0);
    expect_closed(fd);
    end(&rig);
}

static void clients_are_bounded(void **state)
{
    struct rig rig;
    int port = begin(&rig, "max_clients = 2;"), fds[2], third;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
        fds[i] = tcp_connect(port);
        ASK(fds[i], "10 40 03 43 16", "E5");
    }
    third = tcp_connect(port);
    expect_closed(third);
    rig_expect_log(&rig, "max_clients");
    close(fds[0]);
    wait_ms(100);
    third = tcp_connect(port);
    ASK(third, "10 40 03 43 16", "E5");
    ASK(fds[1], "10 40 03 43 16", "E5");
    close(third);
    close(fds[1]);
    end(&rig);
}

static void idle_clients_are_cut(void **state)
{
    struct rig rig;
    int port = begin(&rig, "idle_timeout = 1;"), fd = tcp_connect(port);
    int64_t start = now_us();

    (void)state;
    ASK(fd, "10 40 03 43 16", "E5");
    expect_closed(fd);
    assert_true(now_us() - start > 900000);
    end(&rig);
}

/* A client that never reads is cut, and nobody else waits for it. */
static void clients_that_do_not_read_are_cut(void **state)
{
    struct rig rig;
    int port = begin(&rig, ""), deaf = tcp_connect(port), fd = tcp_connect(port);
    const uint8_t request[] = { 0x10, 0x7B, 0x03, 0x7E, 0x16 };
    bool cut = false;

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < 2000000 && !cut; i++)
        cut = send(deaf, request, sizeof(request), MSG_NOSIGNAL) < 0;
    assert_true(cut);
    ASK(fd, "10 40 03 43 16", "E5");
    close(deaf);
    close(fd);
    end(&rig);
}

/* A client that never stops sending keeps nobody from being served, nor the daemon from ending. */
static void a_flood_holds_up_nobody(void **state)
{
    struct rig rig;
    int port = begin(&rig, ""), fd;
    pid_t flooder = fork();

    (void)state;
    if (flooder == 0) {
        static char noise[65536];
        int flood = tcp_connect(port);

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        memset(noise, 'U', sizeof(noise));
        while (send(flood, noise, sizeof(noise), MSG_NOSIGNAL) > 0)
            ;
        _exit(0);
    }
    wait_ms(200);
    fd = tcp_connect(port);
    ASK(fd, "10 40 03 43 16", "E5");
    kill(rig.pid, SIGUSR1);
    rig_expect_log(&rig, "bad start");
    close(fd);
    rig_stop(&rig);
    waitpid(flooder, NULL, 0);
    rig_done(&rig);
}

/* Masters that connect for each request are not held up. */
static void quick_connections_are_all_served(void **state)
{
    struct rig rig;
    int port = begin(&rig, "");
    int64_t start = now_us();

    (void)state;
    for (int i = 0; i < 400; i++) {
        int fd = tcp_connect(port);

        ASK(fd, "10 40 03 43 16", "E5");
        close(fd);
    }
    assert_true(now_us() - start < 3500000); /* a limit of 100 a second would need 4 s */
    rig_stop(&rig);
    rig_done(&rig);
}

static void both_loopbacks_are_served(void **state)
{
    struct rig rig;
    int port = begin(&rig, ""), fd = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 address = { .sin6_family = AF_INET6,
                                    .sin6_port = htons((uint16_t)port),
                                    .sin6_addr = IN6ADDR_LOOPBACK_INIT };

    (void)state;
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        bool missing = errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT;

        end(&rig);
        if (missing) {
            print_message("# skip: this machine has no ::1\n");
            skip();
        }
        fail();
    }
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    close(fd);
    end(&rig);
}

/* A taken port is retried, and said. */
static void a_taken_port_is_waited_for(void **state)
{
    struct rig first, second;
    int port = begin(&first, ""), fd;

    (void)state;
    rig_init(&second);
    rig_config(&second, "port = { device = \"tcp:%d\"; };\n" STOCK_METER, port);
    rig_launch(&second, NULL);
    rig_expect_notify(&second, "waiting for tcp:");
    rig_expect_log(&second, "Address already in use");
    end(&first);
    rig_expect_notify(&second, "; on tcp:");
    fd = tcp_connect(port);
    ASK(fd, "10 7B 03 7E 16", STOCK_0);
    close(fd);
    end(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stock_meter_is_read),
        cmocka_unit_test(each_client_is_a_bus_of_its_own),
        cmocka_unit_test(many_requests_in_one_segment),
        cmocka_unit_test(garbage_costs_nothing),
        cmocka_unit_test(half_closed_clients_are_answered),
        cmocka_unit_test(clients_are_bounded),
        cmocka_unit_test(idle_clients_are_cut),
        cmocka_unit_test(clients_that_do_not_read_are_cut),
        cmocka_unit_test(a_flood_holds_up_nobody),
        cmocka_unit_test(quick_connections_are_all_served),
        cmocka_unit_test(both_loopbacks_are_served),
        cmocka_unit_test(a_taken_port_is_waited_for),
    };

    return cmocka_run_group_tests_name("tcp", tests, NULL, NULL);
}
