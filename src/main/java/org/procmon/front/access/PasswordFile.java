package org.procmon.front.access;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.procmon.bytes.TerminalSafe;

/**
 * Users and their hashed passwords, as {@code htpasswd -B} writes them: {@code NAME:HASH}. Other
 * hashes than bcrypt are refused, since they are guessed too fast. Immutable.
 */
public final class PasswordFile {
    private static final int DEAREST = 14;
    private static final int MOST_SHOWN = 40;
    private static final Pattern BCRYPT =
            Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    static final PasswordFile NONE = new PasswordFile(Map.of());

    private final Map<String, String> hashes;

    private PasswordFile(Map<String, String> hashes) {
        this.hashes = Map.copyOf(hashes);
    }

    /**
     * Reads a file.
     *
     * @throws IOException with the reason and what to do, for people
     */
    public static PasswordFile read(Path file) throws IOException {
        Map<String, String> hashes = new HashMap<>();
        for (SecretLines.Line line : SecretLines.read(file)) {
            String name = TerminalSafe.text(line.name(), MOST_SHOWN);
            Matcher bcrypt = BCRYPT.matcher(line.rest());
            if (!bcrypt.matches()) {
                throw line.wrong(
                        file,
                        "the password of '"
                                + name
                                + "' is not hashed by bcrypt but "
                                + kind(line.rest())
                                + "; run 'htpasswd -B "
                                + file
                                + " "
                                + name
                                + "'");
            }
            int cost = Integer.parseInt(bcrypt.group(1));
            if (cost < 4 || cost > DEAREST) {
                throw line.wrong(
                        file,
                        "the bcrypt cost of the password of '"
                                + name
                                + "' is "
                                + cost
                                + ", not from 4 to "
                                + DEAREST
                                + "; run 'htpasswd -B -C 10 "
                                + file
                                + " "
                                + name
                                + "'");
            }
            hashes.put(line.name(), line.rest());
        }
        return new PasswordFile(hashes);
    }

    private static String kind(String hash) {
        if (hash.startsWith("$apr1$") || hash.startsWith("$1$")) {
            return "by MD5";
        }
        if (hash.startsWith("{SHA}") || hash.startsWith("{SSHA}")) {
            return "by SHA-1";
        }
        return hash.startsWith("$") ? "by crypt(3)" : "not at all, or in another way";
    }

    /** The hash of a user's password; empty if there is no such user. */
    Optional<String> hash(String user) {
        return Optional.ofNullable(hashes.get(user));
    }

    /** Any hash, for a user that does not exist; empty if nobody does. */
    Optional<String> anyHash() {
        return hashes.values().stream().findFirst();
    }

    /** How many users there are. */
    public int count() {
        return hashes.size();
    }
}
