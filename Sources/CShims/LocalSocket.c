// Messages and open files between two processes of one user, through a socket that is a file.
//
// The macros of CMSG(3) and struct ucred are out of Swift's reach. A socket is named through the open
// folder that holds it, which allows paths of any length (an address holds 107 bytes) and leaves nobody
// time to put another folder in its place.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "CShims.h"

enum { most_descriptors = 4 };

static int make_address(struct sockaddr_un *address, int folder, const char *name) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", folder, name);
  return length > 0 && (size_t)length < sizeof address->sun_path ? 0 : -1;
}

static int is_peer_of_this_user(int connection) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

void swold_local_set_patience(int connection, int milliseconds) {
  struct timeval time = {milliseconds / 1000, milliseconds % 1000 * 1000};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

int swold_local_connect(int folder, const char *name, int milliseconds) {
  struct sockaddr_un address;
  if (make_address(&address, folder, name) != 0) return -1;
  int connection = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (connection < 0) return -1;
  swold_local_set_patience(connection, milliseconds);
  if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0 &&
      is_peer_of_this_user(connection)) {
    return connection;
  }
  close(connection);
  return -1;
}

int swold_local_listen(int folder, const char *name) {
  struct sockaddr_un address;
  if (make_address(&address, folder, name) != 0) return -1;
  int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return -1;
  mode_t mask = umask(0177);
  int status = bind(listener, (struct sockaddr *)&address, sizeof address);
  umask(mask);
  if (status == 0 && listen(listener, 16) == 0) return listener;
  int error = errno;
  close(listener);
  errno = error;
  return -1;
}

int swold_local_accept(int listener, int milliseconds) {
  struct pollfd waiting = {listener, POLLIN, 0};
  int count = poll(&waiting, 1, milliseconds);
  if (count == 0) return SWOLD_NOBODY_CAME;
  int connection = count > 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
  if (connection >= 0 && !is_peer_of_this_user(connection)) {
    close(connection);
    return -1;
  }
  return connection;
}

int swold_local_send(int connection, const void *bytes, size_t count, const int *descriptors,
                     size_t descriptor_count) {
  struct iovec part = {(void *)bytes, count};
  union {
    char bytes[CMSG_SPACE(sizeof(int) * most_descriptors)];
    struct cmsghdr alignment;
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptor_count > most_descriptors) return -1;
  if (descriptor_count > 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptor_count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * descriptor_count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * descriptor_count);
  }
  ssize_t sent;
  do sent = sendmsg(connection, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == (ssize_t)count ? 0 : -1;
}

int swold_local_receive(int connection, void *bytes, size_t count, int *descriptors,
                        size_t descriptor_count) {
  struct iovec part = {bytes, count};
  union {
    char bytes[CMSG_SPACE(sizeof(int) * most_descriptors)];
    struct cmsghdr alignment;
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  ssize_t received;
  do received = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
  while (received < 0 && errno == EINTR);
  size_t found = 0;
  struct cmsghdr *header = received > 0 ? CMSG_FIRSTHDR(&message) : NULL;
  for (; header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    size_t sent = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < sent; i++) {
      int descriptor;
      memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
      if (found < descriptor_count) {
        descriptors[found++] = descriptor;
      } else {
        close(descriptor);
      }
    }
  }
  if (received == (ssize_t)count && found == descriptor_count) return 0;
  while (found > 0) close(descriptors[--found]);
  return -1;
}

/// Whom this process works for; -1: nobody that it would have to look after.
static _Atomic(int) employer = -1;

static void look_after_employer(int number) {
  (void)number;
  int error = errno;
  struct pollfd state = {atomic_load(&employer), POLLRDHUP, 0};
  if (poll(&state, 1, 0) == 1 && state.revents & (POLLHUP | POLLRDHUP | POLLERR)) {
    swold_guard_remove_temporary();
    _exit(1);
  }
  errno = error;
}

void swold_guard_employer(int connection) {
  struct sigaction action = {.sa_handler = look_after_employer, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  atomic_store(&employer, connection);
  sigaction(SIGIO, &action, NULL);
  fcntl(connection, F_SETOWN, getpid());
  fcntl(connection, F_SETFL, O_ASYNC | fcntl(connection, F_GETFL));
  look_after_employer(SIGIO);
}

void swold_close_from(int lowest) {
  if (syscall(SYS_close_range, (unsigned)lowest, ~0U, 0) == 0) return;
  // Linux before 5.9.
  long most = sysconf(_SC_OPEN_MAX);
  for (int descriptor = lowest; descriptor < most; descriptor++) close(descriptor);
}
