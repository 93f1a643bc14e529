package org.procmon.config;

/**
 * One file of a configuration as it was read.
 *
 * @param path as messages name it
 * @param user the name of the file's owner, or its uid if it has no name
 * @param group likewise of its group
 * @param bytes what it holds; nobody changes them
 */
@SuppressWarnings("ArrayRecordComponent")
public record Document(String path, String user, String group, byte[] bytes) {}
