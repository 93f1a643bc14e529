package org.procmon.posix;

/**
 * An entry of the user database. Source: passwd(5).
 *
 * @param uid an unsigned number
 * @param gid the primary group, an unsigned number
 */
public record Account(String name, int uid, int gid, String home, String shell) {}
