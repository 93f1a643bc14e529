package org.procmon.readiness.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.junit.jupiter.api.Test;

/** What Java says of certificates that it does not accept, in plain words. */
class DistrustTest {
    private static final String BEGINNING = "the certificate of h is not trusted: ";
    private static final String END = "; 'insecure': true accepts any certificate";

    private static String words(Throwable cause) {
        return Distrust.words("h", new CertificateException("PKIX path", cause));
    }

    @Test
    void reportsAnExpiredCertificate() {
        assertThat(words(new CertificateExpiredException()))
                .isEqualTo(BEGINNING + "it has expired" + END);
        assertThat(words(new CertPathValidatorException("x", null, null, -1, BasicReason.EXPIRED)))
                .isEqualTo(BEGINNING + "it, or that of an issuer, has expired" + END);
        assertThat(words(new CertificateNotYetValidException()))
                .startsWith(BEGINNING + "it is not valid yet; set the clock, or ");
    }

    @Test
    void reportsOtherErrorsInJavasWords() {
        assertThat(words(new CertPathValidatorException("No such thing matching")))
                .isEqualTo(BEGINNING + "PKIX path" + END);
    }
}
