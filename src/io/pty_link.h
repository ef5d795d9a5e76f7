/* The lasting name of a pty: a symbolic link that one living daemon at a time has. */
#ifndef IO_PTY_LINK_H
#define IO_PTY_LINK_H

/*
 * Makes the link and locks its name by a file PATH.lock. A link that leads nowhere or to another
 * pty is replaced, since a daemon that was killed leaves such a one. -EBUSY: another daemon lives
 * and has it; -EEXIST: something else has the name of the link or of its lock; another negative
 * errno. `ret_lock_fd` is set on success.
 */
int pty_link_make(const char *path, const char *target, int *ret_lock_fd);

/* Removes the link unless it leads elsewhere by now, and the lock. */
void pty_link_remove(const char *path, const char *target, int lock_fd);

#endif
