package org.procmon.front.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads private keys of RSA, EC and EdDSA. Source: RFC 5958 (PKCS #8). */
final class PrivateKeys {
    private static final String PKCS8 = "PRIVATE KEY";
    private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final Map<String, String> OTHERS =
            Map.of(
                    "RSA PRIVATE KEY", "PKCS#1",
                    "EC PRIVATE KEY", "SEC1",
                    "DSA PRIVATE KEY", "DSA, which TLS does not use",
                    "OPENSSH PRIVATE KEY", "that of OpenSSH, which is not for TLS");

    private PrivateKeys() {}

    /**
     * The key of a PEM file.
     *
     * @param file its name, for messages
     * @throws IOException with the reason and what to do
     */
    static PrivateKey read(List<PemBlock> blocks, String file) throws IOException {
        for (PemBlock block : blocks) {
            if (block.label().equals(PKCS8)) {
                return decoded(block.der(), file);
            }
            if (block.label().endsWith(PKCS8)) {
                throw foreign(block, file);
            }
        }
        throw new IOException(
                file
                        + " has no private key (-----BEGIN PRIVATE KEY-----)"
                        + (blocks.isEmpty()
                                ? "; convert a DER file with 'openssl pkey -inform DER -in "
                                        + file
                                        + " -out key.pem'"
                                : ""));
    }

    private static IOException foreign(PemBlock block, String file) {
        boolean isEncrypted =
                block.label().equals("ENCRYPTED PRIVATE KEY") || block.der().length == 0;
        String convert =
                "; convert it with 'openssl pkey -in " + file + " -out key.pem' and use key.pem";
        return new IOException(
                isEncrypted
                        ? "the key in " + file + " is encrypted" + convert
                        : "the key in "
                                + file
                                + " has the format "
                                + OTHERS.getOrDefault(block.label(), "'" + block.label() + "'")
                                + ", not PKCS#8"
                                + convert);
    }

    private static PrivateKey decoded(byte[] der, String file) throws IOException {
        try {
            for (String kind : KINDS) {
                try {
                    return KeyFactory.getInstance(kind)
                            .generatePrivate(new PKCS8EncodedKeySpec(der));
                } catch (InvalidKeySpecException _) {
                    // It is of another kind.
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the key in " + file + ": " + e.getMessage(), e);
        } finally {
            Arrays.fill(der, (byte) 0);
        }
        throw new IOException(
                "cannot read the key in "
                        + file
                        + ": it is damaged, or of another kind than RSA, EC and Ed25519");
    }

    /**
     * Checks that a key belongs to a certificate, by signing something.
     *
     * @throws IOException if it does not
     */
    static void check(PrivateKey key, PublicKey certified, TlsPair.Names names) throws IOException {
        String mismatch =
                "the key in "
                        + names.key()
                        + " does not belong to the first certificate in "
                        + names.certificate();
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            throw new IOException(
                    mismatch
                            + ": one is "
                            + key.getAlgorithm()
                            + ", the other "
                            + certified.getAlgorithm());
        }
        try {
            byte[] text = mismatch.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            Signature signature = Signature.getInstance(signatureOf(key));
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(text);
            if (!signature.verify(signed)) {
                throw new IOException(mismatch);
            }
        } catch (SignatureException e) {
            // An RSA signature of another length, for example.
            throw new IOException(mismatch, e);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "cannot use the key in " + names.key() + ": " + e.getMessage(), e);
        }
    }

    private static String signatureOf(PrivateKey key) throws GeneralSecurityException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            default ->
                    throw new GeneralSecurityException(
                            "TLS cannot use a key of the kind " + key.getAlgorithm());
        };
    }
}
