package org.procmon.control.server.calls;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.procmon.config.ControlSpec;
import org.procmon.control.server.calls.Access.Right;

/**
 * The rights of the senders of HTTP requests, which are limited by those of {@code fcgi_proc}
 * itself. As long as the configuration names none of them, no sender is restricted. Immutable.
 */
final class WebAccess {
    private final Set<String> operators;
    private final Set<String> viewers;

    WebAccess(ControlSpec control) {
        operators = named(control.operators());
        viewers = named(control.viewers());
    }

    /**
     * The most that a sender may do.
     *
     * @param user the authenticated user; empty if there is none
     */
    Right of(String user) {
        if ((operators.isEmpty() && viewers.isEmpty()) || isAmong(operators, user)) {
            return Right.OPERATE;
        }
        return viewers.isEmpty() || isAmong(viewers, user) ? Right.LOOK : Right.NOTHING;
    }

    private static boolean isAmong(Set<String> named, String user) {
        return !user.isEmpty() && (named.contains(user) || named.contains(ControlSpec.ANY_USER));
    }

    private static Set<String> named(List<String> entries) {
        Set<String> named = new HashSet<>();
        for (String entry : entries) {
            if (entry.startsWith(ControlSpec.WEB_USER)) {
                named.add(entry.substring(ControlSpec.WEB_USER.length()));
            }
        }
        return named;
    }
}
