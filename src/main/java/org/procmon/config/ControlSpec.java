package org.procmon.config;

import java.util.List;
import java.util.Optional;

/**
 * The key {@code control}: who may reach the monitor, and do what.
 *
 * @param operators accounts that may make changes, besides root and the monitor's own user: a
 *     user's name, a uid, {@code @GROUP}, or {@code http:USER} for a user that the web server
 *     authenticated
 * @param viewers accounts that may look; empty means everyone who can open the socket
 * @param socketGroup the group that owns the socket and its directory
 * @param socketMode the permission bits of the socket
 */
public record ControlSpec(
        List<String> operators,
        List<String> viewers,
        Optional<String> socketGroup,
        int socketMode) {
    /** The prefix of an entry that means a user of the web server. */
    public static final String WEB_USER = "http:";

    /** After {@link #WEB_USER}: every user that the web server authenticated. */
    public static final String ANY_USER = "*";

    /** Root and the monitor's own user, mode 0660. */
    public static final ControlSpec DEFAULT =
            new ControlSpec(List.of(), List.of(), Optional.empty(), 0660);

    public ControlSpec {
        operators = List.copyOf(operators);
        viewers = List.copyOf(viewers);
    }
}
