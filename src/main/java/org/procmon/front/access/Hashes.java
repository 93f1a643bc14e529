package org.procmon.front.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hashes that the JDK always has. Source: RFC 2104 (HMAC), FIPS 180-4 (SHA-256). */
final class Hashes {
    private static final String HMAC = "HmacSHA256";

    private Hashes() {}

    /** SHA-256 of a text in UTF-8, as 64 small hexadecimal digits. */
    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A keyed hash of texts, which no other sequence of texts has. */
    static byte[] keyed(byte[] key, String... texts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            for (String text : texts) {
                byte[] bytes = text.getBytes(UTF_8);
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
                mac.update(bytes);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
