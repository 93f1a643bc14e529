package org.procmon.front.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates and keys, made by openssl as people make them. */
public final class OpenSsl {
    private OpenSsl() {}

    /**
     * Makes {@code NAME.pem} and {@code NAME.key} for localhost.
     *
     * @param algorithm such as {@code ed25519}, {@code rsa:2048}, or {@code ec} and an option
     */
    public static void pair(Path folder, String name, String... algorithm) throws IOException {
        List<String> words = new ArrayList<>(List.of("req", "-x509", "-nodes", "-newkey"));
        words.addAll(List.of(algorithm));
        words.addAll(List.of("-days", "30", "-subj", "/CN=" + name));
        words.addAll(List.of("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"));
        words.addAll(List.of("-keyout", name + ".key", "-out", name + ".pem"));
        run(folder, words.toArray(String[]::new));
    }

    /** Runs it in a folder. */
    public static void run(Path folder, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("openssl"));
        all.addAll(List.of(words));
        command(folder, all);
    }

    /** Runs a program in a folder; its output. */
    public static String command(Path folder, List<String> words) throws IOException {
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(words + " failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }
}
