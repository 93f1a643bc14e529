package org.procmon.front.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Compares passwords with their hashes, which is slow on purpose: two at a time, and few wait for
 * that. A password that was right is known by a keyed hash for some minutes. Any thread.
 */
final class Passwords {
    /** The outcome of a comparison. */
    enum Outcome {
        RIGHT,
        WRONG,
        /** Nothing was compared: too many wait. */
        BUSY
    }

    private static final int MOST_AT_A_TIME = 2;
    private static final int MOST_WAITING = 32;
    private static final int MOST_KNOWN = 1024;
    private static final long KNOWN_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int KEY_BYTES = 32;

    private final Semaphore running = new Semaphore(MOST_AT_A_TIME, true);
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final byte[] key = new byte[KEY_BYTES];

    /** Until when a password is known to be right, by its keyed hash. */
    private final Map<String, Long> known = new Recent<>(MOST_KNOWN);

    Passwords() {
        new SecureRandom().nextBytes(key);
    }

    /** Whether this was right some minutes ago. */
    boolean isKnown(PasswordFile users, String user, String password) {
        Optional<String> hash = users.hash(user);
        if (hash.isEmpty()) {
            return false;
        }
        String login = login(user, hash.get(), password);
        synchronized (known) {
            Long until = known.get(login);
            return until != null && until - System.nanoTime() > 0;
        }
    }

    /** Compares; takes as long for a user that does not exist. */
    Outcome compare(PasswordFile users, String user, String password) {
        Optional<String> hash = users.hash(user);
        Optional<String> compared = hash.or(users::anyHash);
        if (compared.isEmpty()) {
            return Outcome.WRONG;
        }
        if (!waiting.tryAcquire()) {
            return Outcome.BUSY;
        }
        try {
            running.acquireUninterruptibly();
            try {
                boolean isRight = verify(password, compared.get());
                if (!isRight || hash.isEmpty()) {
                    return Outcome.WRONG;
                }
            } finally {
                running.release();
            }
        } finally {
            waiting.release();
        }
        synchronized (known) {
            known.put(login(user, hash.get(), password), System.nanoTime() + KNOWN_NANOS);
        }
        return Outcome.RIGHT;
    }

    /** As htpasswd, it looks at the first 72 bytes of a password. */
    private static boolean verify(String password, String hash) {
        var version = BCrypt.Version.VERSION_2Y;
        return BCrypt.verifyer(version, LongPasswordStrategies.truncate(version))
                .verify(password.getBytes(UTF_8), hash.getBytes(US_ASCII))
                .verified;
    }

    /** With the hash, so that a changed password is not known any more. */
    private String login(String user, String hash, String password) {
        return HexFormat.of().formatHex(Hashes.keyed(key, user, hash, password));
    }
}
