/* Whose the files of a directory are to be. */
#ifndef STORE_OWNER_H
#define STORE_OWNER_H

/* A file that root has made becomes the directory's owner's, who is to read and replace it later:
 * root runs --forget, the service runs as a user of its own. 0 or a negative errno. */
int owner_adopt(int directory, int fd);

#endif
