package org.procmon.front.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * The cookie of a browser that has logged in: the user, when it ends, and a keyed hash of both and
 * of the hash of the password, so that a new password ends it. All processes with the same key
 * accept it, and none has to remember it. Any thread.
 */
final class Sessions {
    private static final String PURPOSE = "session";
    private static final int PARTS = 3;

    private final byte[] key;
    private final Clock clock;

    Sessions(byte[] key, Clock clock) {
        this.key = key.clone();
        this.clock = clock;
    }

    /**
     * The value of a new cookie.
     *
     * @param hash of the user's password
     */
    String begin(String user, String hash, Duration lifetime) {
        String until = Long.toString(clock.instant().plus(lifetime).getEpochSecond());
        return base64(user.getBytes(UTF_8)) + '.' + until + '.' + base64(mac(user, until, hash));
    }

    /** The user of a cookie; empty if it is none of ours, has ended, or the user is gone. */
    Optional<String> user(String cookie, PasswordFile users) {
        String[] parts = cookie.split("\\.", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            String user = new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8);
            Optional<String> hash = users.hash(user);
            boolean isOurs =
                    hash.isPresent()
                            && MessageDigest.isEqual(
                                    mac(user, parts[1], hash.get()),
                                    Base64.getUrlDecoder().decode(parts[2]));
            return isOurs && Long.parseLong(parts[1]) > clock.instant().getEpochSecond()
                    ? Optional.of(user)
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private byte[] mac(String user, String until, String hash) {
        return Hashes.keyed(key, PURPOSE, user, until, hash);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
