package org.procmon.front.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A certificate with those that lead to its root, and its private key. Any thread.
 *
 * @param chain its own first
 * @param key that belongs to the first
 */
public record TlsPair(List<X509Certificate> chain, PrivateKey key) {
    /** Each file; a chain has a few KiB. */
    private static final int LARGEST = 1 << 20;

    private static final Duration SOON = Duration.ofDays(7);

    /** For the key store, which is in memory only. */
    static final char[] PASSWORD = "memory".toCharArray();

    public TlsPair {
        chain = List.copyOf(chain);
    }

    /**
     * The names of the files, for messages.
     *
     * @param key perhaps the same
     */
    public record Names(String certificate, String key) {}

    /**
     * Reads two files, and checks that they fit.
     *
     * @throws IOException with the reason and what to do, for people
     */
    public static TlsPair read(Path certificate, Path key) throws IOException {
        return of(
                content(certificate),
                content(key),
                new Names(certificate.toString(), key.toString()));
    }

    /**
     * The pair of two PEM files, and checks that they fit.
     *
     * @param certificate its content
     * @param key its content, which is erased
     * @throws IOException with the reason and what to do, for people
     */
    public static TlsPair of(byte[] certificate, byte[] key, Names names) throws IOException {
        List<X509Certificate> chain = chain(certificate, names.certificate());
        PrivateKey found;
        try {
            found = PrivateKeys.read(blocks(key, names.key()), names.key());
        } finally {
            java.util.Arrays.fill(key, (byte) 0);
        }
        PrivateKeys.check(found, chain.getFirst().getPublicKey(), names);
        TlsPair pair = new TlsPair(chain, found);
        KeyStore _ = pair.store();
        return pair;
    }

    private static byte[] content(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return content(in, file.toString());
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (AccessDeniedException e) {
            throw new IOException("may not read " + file, e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The content of a file that is open already. */
    public static byte[] content(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new IOException(name + " has more than " + LARGEST + " bytes");
        }
        return bytes;
    }

    private static List<PemBlock> blocks(byte[] file, String name) throws IOException {
        try {
            return PemBlock.all(file);
        } catch (IOException e) {
            throw new IOException(name + " " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> chain(byte[] file, String name) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (PemBlock block : blocks(file, name)) {
                if (block.label().equals("CERTIFICATE")) {
                    Certificate one =
                            factory.generateCertificate(new ByteArrayInputStream(block.der()));
                    chain.add((X509Certificate) one);
                }
            }
        } catch (CertificateException e) {
            throw new IOException(
                    "certificate " + (chain.size() + 1) + " in " + name + " is damaged", e);
        }
        if (chain.isEmpty()) {
            throw new IOException(
                    name
                            + " has no certificate (-----BEGIN CERTIFICATE-----); convert a DER file"
                            + " with 'openssl x509 -inform DER -in "
                            + name
                            + " -out certificate.pem'");
        }
        return chain;
    }

    /** The pair in a key store with {@link #password}. */
    public KeyStore store() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, PASSWORD);
            store.setKeyEntry("own", key, PASSWORD, chain.toArray(Certificate[]::new));
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "cannot use the certificates: each must be followed by the one that signed it,"
                            + " and by no other ("
                            + e.getMessage()
                            + ")",
                    e);
        }
    }

    /** Of the key stores that are made here. */
    public static String password() {
        return new String(PASSWORD);
    }

    /** Why browsers refuse the certificate now, or will soon; empty if they do not for this. */
    public Optional<String> trouble(Instant now) {
        X509Certificate own = chain.getFirst();
        Instant begin = own.getNotBefore().toInstant();
        Instant end = own.getNotAfter().toInstant();
        if (now.isBefore(begin)) {
            return Optional.of("the certificate is not valid before " + begin);
        }
        if (now.isAfter(end)) {
            return Optional.of("the certificate has expired on " + end);
        }
        return now.plus(SOON).isAfter(end)
                ? Optional.of(
                        "the certificate expires on "
                                + end
                                + ", in "
                                + ChronoUnit.DAYS.between(now, end)
                                + " days")
                : Optional.empty();
    }
}
