package org.procmon.control.server.calls;

import java.util.Optional;
import org.procmon.events.Actor;

/**
 * The caller of a call, and its rights.
 *
 * @param right what both the peer and the user that it calls for may do
 * @param isOwn whether the peer is root or the user that the monitor runs as
 * @param narrowed whether the peer for itself could do more
 */
public record CallerRights(Actor caller, Access.Right right, boolean isOwn, boolean narrowed) {
    /** Why the caller was refused, and what would allow the call. */
    String refusal() {
        boolean looks = right == Access.Right.NOTHING;
        String may = looks ? "look" : "do this";
        String lists = looks ? "control.viewers or control.operators" : "control.operators";
        Optional<Actor.Web> web = caller.web();
        if (!narrowed || web.isEmpty()) {
            return "the user %s may not %s; %s would have to name it"
                    .formatted(caller.user(), may, lists);
        }
        String user = web.get().user();
        return user.isEmpty()
                ? "a request without a user may not %s; the web server would have to authenticate it"
                        .formatted(may)
                : "the HTTP user %s may not %s; %s would have to name \"http:%s\""
                        .formatted(user, may, lists, user);
    }
}
