package org.procmon.launch.plan;

import java.util.Set;
import org.procmon.posix.FileStatus;

/**
 * The credentials with which a process accesses files, if they are not the monitor's own.
 * Permissions beyond the mode bits, such as an access control list, are not known here. Source:
 * path_resolution(7).
 *
 * @param name the user, for people
 * @param overrides whether mode bits do not restrict it, as for root
 */
record FileCredentials(String name, int uid, int gid, Set<Integer> groups, boolean overrides) {
    static final int READ = 4;
    static final int EXECUTE = 1;
    private static final int ANY_EXECUTE = 0111;
    private static final int OF_OWNER = 6;
    private static final int OF_GROUP = 3;

    FileCredentials {
        groups = Set.copyOf(groups);
    }

    /** Whether the mode bits of a file or directory allow it something. */
    boolean may(int what, FileStatus file) {
        int mode = file.mode();
        if (overrides) {
            return what != EXECUTE || file.isFolder() || (mode & ANY_EXECUTE) != 0;
        }
        if (file.owner() == uid) {
            return (mode >> OF_OWNER & what) != 0;
        }
        boolean isInGroup = file.group() == gid || groups.contains(file.group());
        return ((isInGroup ? mode >> OF_GROUP : mode) & what) != 0;
    }
}
