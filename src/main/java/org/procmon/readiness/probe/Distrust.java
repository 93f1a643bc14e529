package org.procmon.readiness.probe;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** Explains to users why a certificate is not trusted, and what to do about it. */
final class Distrust {
    private static final String REMEDY = "'insecure': true accepts any certificate";

    private Distrust() {}

    /**
     * @param host the server that the certificate is for
     */
    static String words(String host, CertificateException e) {
        return "the certificate of " + host + " is not trusted: " + reason(host, e);
    }

    private static String reason(String host, CertificateException e) {
        boolean hasPath = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case CertificateExpiredException _ -> {
                    return "it has expired; " + REMEDY;
                }
                case CertificateNotYetValidException _ -> {
                    return "it is not valid yet; set the clock, or " + REMEDY;
                }
                case CertPathBuilderException _ -> {
                    return "its issuer is unknown; add that to the certificates that this machine"
                            + " trusts, or "
                            + REMEDY;
                }
                case CertPathValidatorException path -> {
                    if (path.getReason() == BasicReason.EXPIRED) {
                        return "it, or that of an issuer, has expired; " + REMEDY;
                    }
                    hasPath = true;
                }
                default -> {}
            }
        }
        // For other failures, Java states the reason only as text.
        String words = TlsProbe.words(e);
        return !hasPath && words.startsWith("No ") && words.contains("matching")
                ? "it is for another name than " + host + "; ask by its own name, or " + REMEDY
                : words + "; " + REMEDY;
    }
}
