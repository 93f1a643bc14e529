package org.procmon.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.procmon.fastcgi.Bytes;

/**
 * A random answer of an application to request 1, well formed, and what a client is to read in it.
 *
 * @param records the answer
 * @param status code and words
 * @param fields how many header fields there are beside the status
 * @param body what follows the header
 * @param errors what was written to standard error
 * @param appStatus the exit status
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record FastCgiAnswer(
        byte[] records, String status, int fields, byte[] body, byte[] errors, int appStatus) {
    private static final int STDOUT = 6;
    private static final int STDERR = 7;

    static FastCgiAnswer any(Random random) {
        String end = random.nextBoolean() ? "\n" : "\r\n";
        StringBuilder header = new StringBuilder();
        List<String> lines =
                List.of(
                        "Content-Type: text/html",
                        "Set-Cookie: a=\u00e4",
                        "X-Long: " + "x".repeat(90));
        int fields = random.nextInt(6);
        boolean says = random.nextBoolean();
        for (int i = 0; i < fields; i++) {
            header.append(lines.get(random.nextInt(lines.size()))).append(end);
        }
        if (says) {
            header.append("Status: 404 Not Found").append(end);
        }
        header.append(end);
        byte[] body = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(3000)];
        random.nextBytes(body);
        byte[] errors = new byte[random.nextInt(3) == 0 ? random.nextInt(400) : 0];
        random.nextBytes(errors);
        int appStatus = random.nextInt(256);
        byte[] out = Bytes.join(header.toString().getBytes(ISO_8859_1), body);
        return new FastCgiAnswer(
                Bytes.join(streams(out, errors, random), Bytes.end(1, appStatus, 0)),
                says ? "404 Not Found" : "200 OK",
                fields,
                body,
                errors,
                appStatus);
    }

    /** Both streams, in records of any length and in any order. */
    private static byte[] streams(byte[] out, byte[] errors, Random random) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int outAt = 0;
        int errorsAt = 0;
        while (outAt < out.length || errorsAt < errors.length) {
            boolean isOut =
                    errorsAt == errors.length || (outAt < out.length && random.nextBoolean());
            byte[] from = isOut ? out : errors;
            int at = isOut ? outAt : errorsAt;
            int count = 1 + random.nextInt(Math.min(from.length - at, 1 + random.nextInt(2000)));
            all.writeBytes(
                    Bytes.record(
                            isOut ? STDOUT : STDERR,
                            1,
                            Arrays.copyOfRange(from, at, at + count),
                            random.nextInt(3) == 0 ? random.nextInt(256) : 0));
            outAt += isOut ? count : 0;
            errorsAt += isOut ? 0 : count;
        }
        if (random.nextBoolean()) {
            all.writeBytes(Bytes.record(STDOUT, 1));
        }
        if (random.nextBoolean()) {
            all.writeBytes(Bytes.record(STDERR, 1));
        }
        return all.toByteArray();
    }
}
