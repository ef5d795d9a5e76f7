#include "config/device.h"

#include <string.h>

static bool parse_port(const char *text, uint16_t *ret)
{
    size_t n = strspn(text, "0123456789");
    unsigned value = 0;
    if (n == 0 || n > 5 || text[n] != '\0')
        return false;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (unsigned)(text[i] - '0');
    if (value < 1 || value > UINT16_MAX)
        return false;
    *ret = (uint16_t)value;
    return true;
}

/* A numeric address in its shortest form, so that equal addresses are equal strings. */
static bool parse_address(int family, const char *text, size_t n, char ret[INET6_ADDRSTRLEN])
{
    char address[INET6_ADDRSTRLEN];
    unsigned char binary[16];
    if (n >= sizeof(address))
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    return inet_pton(family, address, binary) == 1 &&
           inet_ntop(family, binary, ret, INET6_ADDRSTRLEN) != NULL;
}

static const char *parse_tcp(const char *text, struct device *ret)
{
    const char *colon = strrchr(text, ':');
    const char *port = colon ? colon + 1 : text;

    ret->kind = PORT_TCP;
    if (text[0] == '[') {
        const char *close = strchr(text, ']');
        if (!close || close + 1 != colon ||
            !parse_address(AF_INET6, text + 1, (size_t)(close - text) - 1, ret->host))
            return "has no numeric IPv6 address in brackets with a port; \"tcp:[IPV6]:PORT\"";
    } else if (colon && strchr(text, ':') != colon) {
        return "needs brackets around an IPv6 address; \"tcp:[IPV6]:PORT\"";
    } else if (colon && !parse_address(AF_INET, text, (size_t)(colon - text), ret->host)) {
        return "has no numeric address; such as \"tcp:0.0.0.0:10001\"";
    }
    return parse_port(port, &ret->tcp_port) ? NULL : "has no port; 1 to 65535";
}

const char *device_parse(const char *text, struct device *ret)
{
    struct device device = { .kind = PORT_SERIAL };
    const char *problem = NULL;
    if (strcmp(text, "pty") == 0)
        device.kind = PORT_PTY;
    else if (strncmp(text, "tcp:", 4) == 0)
        problem = parse_tcp(text + 4, &device);
    else if (text[0] != '/' || text[1] == '\0')
        problem = "is no device; " DEVICE_FORMS;
    if (!problem)
        *ret = device;
    return problem;
}

const char *device_kind_name(enum port_kind kind)
{
    static const char *const names[] = {
        [PORT_SERIAL] = "a serial port", [PORT_PTY] = "a pty", [PORT_TCP] = "tcp"
    };
    return names[kind];
}

static bool is_ipv6(const char *host)
{
    return strchr(host, ':') != NULL;
}

/* Whether a socket on `wide` takes the address of one on `narrow`. */
static bool covers(const char *wide, const char *narrow)
{
    if (!wide)
        return !narrow || strcmp(narrow, "127.0.0.1") == 0 || strcmp(narrow, "::1") == 0;
    if (strcmp(wide, "::") == 0)
        return true;
    if (strcmp(wide, "0.0.0.0") == 0)
        return !narrow || !is_ipv6(narrow);
    return narrow && strcmp(wide, narrow) == 0;
}

bool device_collides(const struct port_config *a, const struct port_config *b)
{
    if (a->kind != b->kind || a->kind == PORT_PTY)
        return false;
    if (a->kind == PORT_SERIAL)
        return strcmp(a->device, b->device) == 0;
    return a->tcp_port == b->tcp_port && (covers(a->host, b->host) || covers(b->host, a->host));
}
