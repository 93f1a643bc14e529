package org.procmon.front.access;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens of programs, hashed: {@code NAME:SHA256}, or {@code NAME:SHA256:read} for one that may
 * only read. A token is random, so one round of SHA-256 suffices. Immutable.
 */
public final class TokenFile {
    private static final Pattern ENTRY = Pattern.compile("([0-9a-fA-F]{64})(?::(read|change))?");

    static final TokenFile NONE = new TokenFile(Map.of());

    private final Map<String, Caller> callers;

    private TokenFile(Map<String, Caller> callers) {
        this.callers = Map.copyOf(callers);
    }

    /**
     * Reads a file.
     *
     * @throws IOException with the reason and what to do, for people
     */
    public static TokenFile read(Path file) throws IOException {
        Map<String, Caller> callers = new HashMap<>();
        for (SecretLines.Line line : SecretLines.read(file)) {
            Matcher entry = ENTRY.matcher(line.rest());
            if (!entry.matches()) {
                throw line.wrong(
                        file,
                        "a token is NAME:SHA256 with 64 hexadecimal digits, or NAME:SHA256:read;"
                                + " 'printf %s TOKEN | sha256sum' computes them");
            }
            callers.put(
                    entry.group(1).toLowerCase(Locale.ROOT),
                    new Caller(line.name(), Caller.Scheme.BEARER, "read".equals(entry.group(2))));
        }
        return new TokenFile(callers);
    }

    /** The caller that has the token with this hash, as 64 small hexadecimal digits. */
    Optional<Caller> caller(String hash) {
        return Optional.ofNullable(callers.get(hash));
    }

    /** How many tokens there are. */
    public int count() {
        return callers.size();
    }
}
