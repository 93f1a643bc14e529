package org.procmon.events;

import java.util.Optional;

/**
 * Who has asked for something.
 *
 * @param user the user at the other end of the socket, by the word of the kernel
 * @param web for whom that user asked; empty if for itself
 */
public record Actor(String user, Optional<Web> web) {
    /**
     * The sender of an HTTP request, by the word of the web server.
     *
     * @param user as whom it was authenticated; empty if it was not
     * @param address where it came from; empty if that is not known
     */
    public record Web(String user, String address) {
        /** In words, without an article. */
        public String text() {
            String who = user.isEmpty() ? "HTTP client without a name" : "HTTP user " + user;
            return address.isEmpty() ? who : who + " at " + address;
        }
    }

    /** In words. */
    public String text() {
        String direct = "the user " + user;
        return web.map(w -> "the " + w.text() + " by " + direct).orElse(direct);
    }
}
