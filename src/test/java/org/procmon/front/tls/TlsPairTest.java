package org.procmon.front.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and keys of the usual kinds, and what is said of those that cannot be used. */
class TlsPairTest {
    @TempDir Path folder = Path.of("");

    private TlsPair read(String certificate, String key) throws IOException {
        return TlsPair.read(folder.resolve(certificate), folder.resolve(key));
    }

    @ParameterizedTest
    @CsvSource({"rsa:2048,RSA", "ed25519,EdDSA"})
    void readsAKeyAndItsCertificate(String algorithm, String kind) throws Exception {
        OpenSsl.pair(folder, "own", algorithm);
        assertThat(read("own.pem", "own.key").key().getAlgorithm()).isEqualTo(kind);
    }

    @Test
    void readsAnEcKeyAndItsCertificate() throws Exception {
        OpenSsl.pair(folder, "own", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        assertThat(read("own.pem", "own.key").key().getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void oneFileMayHaveBoth() throws Exception {
        OpenSsl.pair(folder, "own", "ed25519");
        Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(folder.resolve("own.key"))
                        + "A comment.\n"
                        + Files.readString(folder.resolve("own.pem")));
        assertThat(read("both.pem", "both.pem").chain()).hasSize(1);
    }

    @Test
    void keepsTheChainThatLeadsToTheRoot() throws Exception {
        OpenSsl.pair(folder, "root", "ed25519");
        OpenSsl.run(
                folder,
                "req",
                "-nodes",
                "-newkey",
                "ed25519",
                "-subj",
                "/CN=leaf",
                "-keyout",
                "leaf.key",
                "-out",
                "leaf.csr");
        OpenSsl.run(
                folder,
                "x509",
                "-req",
                "-in",
                "leaf.csr",
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-CAcreateserial",
                "-out",
                "leaf.pem");
        String leaf = Files.readString(folder.resolve("leaf.pem"));
        String root = Files.readString(folder.resolve("root.pem"));
        Files.writeString(folder.resolve("chain.pem"), leaf + root);
        Files.writeString(folder.resolve("turned.pem"), root + leaf);

        assertThat(read("chain.pem", "leaf.key").chain()).hasSize(2);
        assertThatThrownBy(() -> read("turned.pem", "leaf.key"))
                .hasMessageContaining("does not belong to the first certificate");
        assertThatThrownBy(() -> read("turned.pem", "root.key"))
                .hasMessageContaining("followed by the one that signed it");
    }

    @Test
    void saysHowToConvertAKeyOfAnotherFormat() throws Exception {
        OpenSsl.pair(folder, "own", "rsa:2048");
        OpenSsl.run(folder, "rsa", "-in", "own.key", "-traditional", "-out", "old.key");
        OpenSsl.run(
                folder, "pkey", "-in", "own.key", "-aes256", "-passout", "pass:x", "-out", "e.key");
        OpenSsl.run(folder, "pkey", "-in", "own.key", "-outform", "DER", "-out", "der.key");
        OpenSsl.run(folder, "x509", "-in", "own.pem", "-outform", "DER", "-out", "own.der");

        assertThatThrownBy(() -> read("own.pem", "old.key"))
                .hasMessageContaining("PKCS#1")
                .hasMessageContaining("openssl pkey -in");
        assertThatThrownBy(() -> read("own.pem", "e.key")).hasMessageContaining("is encrypted");
        assertThatThrownBy(() -> read("own.pem", "der.key"))
                .hasMessageContaining("openssl pkey -inform DER");
        assertThatThrownBy(() -> read("own.der", "own.key"))
                .hasMessageContaining("openssl x509 -inform DER");
    }

    @Test
    void anEcKeyOfTheOldFormatIsNamed() throws Exception {
        OpenSsl.pair(folder, "own", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        OpenSsl.run(folder, "ec", "-in", "own.key", "-out", "old.key");
        assertThatThrownBy(() -> read("own.pem", "old.key")).hasMessageContaining("SEC1");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        OpenSsl.pair(folder, "own", "rsa:2048");
        OpenSsl.pair(folder, "other", "rsa:2048");
        OpenSsl.pair(folder, "longer", "rsa:3072");
        OpenSsl.pair(folder, "short", "ed25519");
        for (String key : new String[] {"other.key", "longer.key", "short.key"}) {
            assertThatThrownBy(() -> read("own.pem", key))
                    .hasMessageContaining("does not belong to the first certificate");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE",
                ""
            })
    void aDamagedKeyIsRefused(String content) throws Exception {
        OpenSsl.pair(folder, "own", "ed25519");
        Files.writeString(folder.resolve("bad.key"), content);
        assertThatThrownBy(() -> read("own.pem", "bad.key"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.key");
    }

    @Test
    void namesAFileThatIsMissingOrTooLong() throws Exception {
        OpenSsl.pair(folder, "own", "ed25519");
        Files.write(folder.resolve("long.pem"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> read("none.pem", "own.key"))
                .hasMessage("there is no file " + folder.resolve("none.pem"));
        assertThatThrownBy(() -> read("long.pem", "own.key")).hasMessageContaining("has more than");
    }

    @Test
    void tellsWhenACertificateExpires() throws Exception {
        OpenSsl.pair(folder, "own", "ed25519");
        TlsPair pair = read("own.pem", "own.key");
        Instant now = Instant.now();
        assertThat(pair.trouble(now)).isEmpty();
        assertThat(pair.trouble(now.plus(Duration.ofDays(25)))).get().asString().contains("in 4 d");
        assertThat(pair.trouble(now.plus(Duration.ofDays(31))))
                .get()
                .asString()
                .contains("expired");
        assertThat(pair.trouble(now.minus(Duration.ofDays(1)))).get().asString().contains("before");
    }
}
