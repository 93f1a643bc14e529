package org.procmon.front.access;

import java.util.Map;

/**
 * Somebody that has come in.
 *
 * @param name of the user or the token
 * @param scheme how it was proven, as in {@code AUTH_TYPE} (RFC 3875, section 4.1.1)
 * @param readOnly whether it may only read
 */
public record Caller(String name, Scheme scheme, boolean readOnly) {
    /** The attribute of a request that has its name. */
    public static final String ATTRIBUTE = "org.procmon.user";

    /** The variables of a request that tell of it, besides {@code REMOTE_USER}. */
    public Map<String, String> variables() {
        return readOnly
                ? Map.of("AUTH_TYPE", scheme.word(), "PROCMON_ROLE", "read")
                : Map.of("AUTH_TYPE", scheme.word());
    }

    /** How it was proven. */
    public enum Scheme {
        BASIC("Basic"),
        BEARER("Bearer"),
        FORM("Form");

        private final String word;

        Scheme(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
