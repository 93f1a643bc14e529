package org.procmon.config;

import java.util.List;
import java.util.Optional;

/**
 * The key {@code control}: who may reach the monitor, and do what.
 *
 * @param operators accounts that may change things, beside root and the monitor's own user: a
 *     user's name, a uid, {@code @GROUP}, or {@code http:USER} for whom the web server has
 *     authenticated as that user
 * @param viewers accounts that may look; empty means everyone who can open the socket
 * @param socketGroup the group that owns the socket and its folder
 * @param socketMode the permission bits of the socket
 */
public record ControlSpec(
        List<String> operators,
        List<String> viewers,
        Optional<String> socketGroup,
        int socketMode) {
    /** What an entry begins with that means a user of the web server. */
    public static final String WEB_USER = "http:";

    /** After {@link #WEB_USER}: everybody whom the web server has authenticated. */
    public static final String ANY_USER = "*";

    /** Root and the monitor's own user, mode 0660. */
    public static final ControlSpec DEFAULT =
            new ControlSpec(List.of(), List.of(), Optional.empty(), 0660);

    public ControlSpec {
        operators = List.copyOf(operators);
        viewers = List.copyOf(viewers);
    }
}
