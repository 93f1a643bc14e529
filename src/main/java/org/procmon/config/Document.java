package org.procmon.config;

/**
 * One file of a configuration as it was read.
 *
 * @param path as messages name it
 * @param user the name of the file's owner, or the uid if it has no name
 * @param group likewise for its group
 * @param bytes the content; it is never modified
 */
@SuppressWarnings("ArrayRecordComponent")
public record Document(String path, String user, String group, byte[] bytes) {}
