package org.procmon.events;

import java.util.Optional;

/**
 * The sender of a request.
 *
 * @param user the user at the other end of the socket, as the kernel reports it
 * @param web the sender of the HTTP request that this user forwards; empty for its own request
 */
public record Actor(String user, Optional<Web> web) {
    /**
     * The sender of an HTTP request, as the web server reports it.
     *
     * @param user the authenticated user; empty if there is none
     * @param address its address; empty if unknown
     */
    public record Web(String user, String address) {
        /** In words, without an article. */
        String text() {
            String sender = user.isEmpty() ? "HTTP client without a name" : "HTTP user " + user;
            return address.isEmpty() ? sender : sender + " at " + address;
        }
    }

    /** In words. */
    String text() {
        String direct = "the user " + user;
        return web.map(w -> "the " + w.text() + " by " + direct).orElse(direct);
    }
}
