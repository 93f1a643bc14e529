package org.procmon.front;

import java.security.SecureRandom;
import java.util.Optional;
import org.procmon.front.tls.TlsPair;

/** What the monitor gives to the front, and nobody else may know. Immutable. */
public final class FrontSecrets {
    /** Of the key that signs cookies. */
    public static final int KEY_BYTES = 32;

    private final Optional<TlsPair> pair;
    private final byte[] sessionKey;

    /**
     * @param pair the certificate and key that the program was started with; empty if it reads the
     *     files itself, and follows them
     * @param sessionKey signs the cookies of all processes that have it; empty for one of its own
     */
    public FrontSecrets(Optional<TlsPair> pair, Optional<byte[]> sessionKey) {
        this.pair = pair;
        this.sessionKey = sessionKey.map(byte[]::clone).orElseGet(FrontSecrets::random);
    }

    /** Of a front that was given nothing. */
    public static FrontSecrets none() {
        return new FrontSecrets(Optional.empty(), Optional.empty());
    }

    private static byte[] random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    Optional<TlsPair> pair() {
        return pair;
    }

    byte[] sessionKey() {
        return sessionKey.clone();
    }
}
