package org.procmon.launch.plan;

import org.procmon.lifecycle.StartError;
import org.procmon.posix.Errno;

/** Why a program is not started, in words that name the attempted action. */
public final class LaunchRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final String key;
    private final boolean lasting;

    private LaunchRefused(String key, String reason, boolean lasting) {
        super(reason);
        this.key = key;
        this.lasting = lasting;
    }

    /** Permanent until a user changes what a key says, or what it names. */
    LaunchRefused(String key, String reason) {
        this(key, reason, true);
    }

    /** About a file that a key names, as long as the error lasts. */
    static LaunchRefused of(String key, String action, Errno errno) {
        return new LaunchRefused(key, action + ": " + errno.words(), errno.isLasting());
    }

    /** Temporary; the next attempt may succeed. */
    public static LaunchRefused forNow(String reason) {
        return new LaunchRefused("", reason, false);
    }

    /** The key of the configuration that it is about; empty if none. */
    public String key() {
        return key;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    public StartError error() {
        return new StartError(0, reason(), lasting);
    }
}
