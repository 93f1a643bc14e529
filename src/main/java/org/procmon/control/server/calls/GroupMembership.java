package org.procmon.control.server.calls;

/** Whether a user is in a group. Thread-safe. Source: getgrouplist(3). */
@FunctionalInterface
public interface GroupMembership {
    /** Knows no groups except the peer's own. */
    GroupMembership NONE = (_, _) -> false;

    /**
     * Looks it up in the account database.
     *
     * @param user a user's name
     * @param group a group's name
     */
    boolean isMember(String user, String group);
}
