/*
 * listener.c - shutting the door without a lost request.
 *
 * mg_stop() breaks off every answer that is being written, and closing the listening socket resets
 * the connections still queued in the kernel. So before mg_stop() the door is shut by a socket
 * filter, and the process's own descriptors tell whether a request still waits to be read.
 */
#include "listener.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "attr.h"

/* The port in an address of the Internet, or -1. */
static int port_in(const struct sockaddr_storage *address)
{
        if (address->ss_family == AF_INET)
                return ntohs(((const struct sockaddr_in *)address)->sin_port);
        if (address->ss_family == AF_INET6)
                return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
        return -1;
}

/* The port of this end of a socket, or -1 when @fd is no socket of the Internet. */
static int local_port(int fd)
{
        struct sockaddr_storage address = {0};
        socklen_t len = sizeof(address);
        bool known = getsockname(fd, (struct sockaddr *)&address, &len) == 0;
        return known ? port_in(&address) : -1;
}

static bool is_listening(int fd)
{
        int listening = 0;
        socklen_t len = sizeof(listening);
        return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) == 0 && listening;
}

/* For a listening socket the kernel reports the length of its queue as unacknowledged segments. */
static bool has_queue(int fd)
{
        struct tcp_info info;
        socklen_t len = sizeof(info);
        return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && info.tcpi_unacked > 0;
}

/* Drops packets with the SYN flag (RFC 9293, 3.1: bit 0x02 of byte 13), passes all others. */
static int drop_handshakes(int fd)
{
        struct sock_filter code[] = {
            BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
            BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x02, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, 0),
            BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
        };
        struct sock_fprog program = {count_of(code), code};
        return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static void close_folder(DIR **folder)
{
        if (*folder)
                closedir(*folder);
}

/* Calls @look for each socket of the process on @port until it returns true; whether it did. */
static bool any_socket(int port, bool (*look)(int fd, const void *data), const void *data)
{
        _cleanup_(close_folder) DIR *folder = opendir("/proc/self/fd");
        if (!folder)
                return false;
        for (const struct dirent *entry; (entry = readdir(folder));) {
                int fd = (int)strtol(entry->d_name, NULL, 10);
                if (local_port(fd) == port && look(fd, data))
                        return true;
        }
        return false;
}

static bool shut(int fd, const void *data)
{
        (void)data;
        return is_listening(fd) && drop_handshakes(fd) < 0;
}

static bool is_waiting(int fd, const void *data)
{
        (void)data;
        int unread = 0;
        return is_listening(fd) ? has_queue(fd) : ioctl(fd, FIONREAD, &unread) == 0 && unread > 0;
}

struct peer {
        const char *address;
        int port;
};

static const void *bytes_in(const struct sockaddr_storage *address)
{
        if (address->ss_family == AF_INET)
                return &((const struct sockaddr_in *)address)->sin_addr;
        return &((const struct sockaddr_in6 *)address)->sin6_addr;
}

/* The other end of a socket as text and number; -1 when there is none. */
static int peer_of(int fd, char *ret, size_t size)
{
        struct sockaddr_storage address = {0};
        socklen_t len = sizeof(address);
        if (getpeername(fd, (struct sockaddr *)&address, &len) < 0)
                return -1;
        if (!inet_ntop(address.ss_family, bytes_in(&address), ret, (socklen_t)size))
                return -1;
        return port_in(&address);
}

static bool end_input(int fd, const void *data)
{
        const struct peer *peer = data;
        char address[INET6_ADDRSTRLEN];
        if (peer_of(fd, address, sizeof(address)) != peer->port ||
            strcmp(address, peer->address) != 0)
                return false;
        return shutdown(fd, SHUT_RD) == 0;
}

void listener_end_input(int port, const char *address, int peer_port)
{
        const struct peer peer = {address, peer_port};
        any_socket(port, end_input, &peer);
}

void listener_shut(int port)
{
        any_socket(port, shut, NULL);
}

bool listener_busy(int port)
{
        return any_socket(port, is_waiting, NULL);
}
