package org.procmon.control.server.calls;

/** Tells whether a user is in a group. Safe from any thread. Source: getgrouplist(3). */
@FunctionalInterface
public interface GroupMembership {
    /** Knows no groups but the one that a peer runs with. */
    GroupMembership NONE = (_, _) -> false;

    /**
     * Asks the account database.
     *
     * @param user a user's name
     * @param group a group's name
     */
    boolean isMember(String user, String group);
}
