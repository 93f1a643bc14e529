package org.procmon.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.procmon.fastcgi.Bytes;

/**
 * What a web server sends on one connection: well-framed, with all that the protocol permits in
 * between, and what must come back for it.
 */
final class FastCgiStream {
    private static final int RESPONDER = 1;
    private static final int BEGIN = 1;
    private static final int ABORT = 2;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;
    private static final int COMPLETE = 0;
    private static final int CANNOT_MULTIPLEX = 1;
    private static final int UNKNOWN_ROLE = 3;

    /** An END_REQUEST that is owed. */
    record End(int id, int protocolStatus) {}

    private final Random random;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<End> ends = new ArrayList<>();

    FastCgiStream(Random random) {
        this.random = random;
        int requests = 1 + random.nextInt(4);
        for (int i = 0; i < requests; i++) {
            request(i < requests - 1 || random.nextBoolean());
        }
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** What is owed for it, in order. */
    List<End> ends() {
        return ends;
    }

    private void request(boolean keepsOpen) {
        int id = 1 + random.nextInt(random.nextBoolean() ? 3 : 65_535);
        int role = random.nextInt(8) == 0 ? 2 + random.nextInt(2) : RESPONDER;
        strays(id);
        bytes.writeBytes(Bytes.begin(id, role, keepsOpen ? 1 : 0));
        if (role != RESPONDER) {
            ends.add(new End(id, UNKNOWN_ROLE));
            if (!keepsOpen) {
                return;
            }
            strays(id);
            return;
        }
        stream(PARAMS, id, Bytes.pairs(params()));
        if (random.nextInt(12) == 0) {
            bytes.writeBytes(Bytes.record(ABORT, id));
            ends.add(new End(id, COMPLETE));
            return;
        }
        bytes.writeBytes(Bytes.record(PARAMS, id));
        byte[] body = new byte[random.nextInt(3) == 0 ? random.nextInt(3000) : 0];
        random.nextBytes(body);
        stream(STDIN, id, body);
        bytes.writeBytes(Bytes.record(random.nextInt(12) == 0 ? ABORT : STDIN, id));
        ends.add(new End(id, COMPLETE));
    }

    private Map<String, String> params() {
        Map<String, String> params = new LinkedHashMap<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            int length = random.nextInt(random.nextInt(6) == 0 ? 400 : 20);
            params.put("NAME_" + random.nextInt(100), "v".repeat(length));
        }
        return params;
    }

    /** In pieces of any length, with padding of any length. */
    private void stream(int type, int id, byte[] content) {
        int at = 0;
        while (at < content.length) {
            int length = 1 + random.nextInt(content.length - at);
            byte[] piece = Arrays.copyOfRange(content, at, at + length);
            bytes.writeBytes(Bytes.record(type, id, piece, random.nextInt(256)));
            at += length;
            if (random.nextInt(4) == 0) {
                duringRequest(id);
            }
        }
    }

    /** What may come in the middle of a request. */
    private void duringRequest(int id) {
        int other = id == 65_535 ? 1 : id + 1;
        switch (random.nextInt(4)) {
            case 0 -> {
                bytes.writeBytes(Bytes.begin(other, RESPONDER, 1));
                ends.add(new End(other, CANNOT_MULTIPLEX));
            }
            case 1 -> strays(other);
            case 2 -> management();
            default -> bytes.writeBytes(Bytes.record(8, id, new byte[random.nextInt(50)]));
        }
    }

    /** Records of a request that there is not, which are passed over. */
    private void strays(int id) {
        for (int i = random.nextInt(3); i > 0; i--) {
            int type = List.of(ABORT, PARAMS, STDIN, 6, 8, 77).get(random.nextInt(6));
            bytes.writeBytes(
                    Bytes.record(type, id, new byte[random.nextInt(20)], random.nextInt(8)));
        }
        if (random.nextInt(4) == 0) {
            management();
        }
    }

    private void management() {
        boolean asks = random.nextBoolean();
        byte[] content =
                asks
                        ? Bytes.pairs(Map.of("FCGI_MAX_CONNS", "", "FCGI_OTHER", ""))
                        : new byte[random.nextInt(10)];
        bytes.writeBytes(Bytes.record(asks ? 9 : 12 + random.nextInt(200), 0, content));
    }

    /** Some input that a broken or hostile web server makes of it. */
    static byte[] mutated(byte[] input, Random random) {
        byte[] bytes = input.clone();
        switch (random.nextInt(6)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            case 2 -> {
                for (int i = 1 + random.nextInt(20); i > 0; i--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 3 -> bytes = withoutSome(bytes, random);
            case 4 -> bytes = shuffled(bytes, random);
            default -> {
                int from = random.nextInt(bytes.length);
                byte[] part = Arrays.copyOfRange(bytes, from, bytes.length);
                bytes = Bytes.join(Arrays.copyOf(bytes, from), part, part);
            }
        }
        return bytes;
    }

    private static byte[] withoutSome(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(30));
        return Bytes.join(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
    }

    /** Its records in another order. */
    private static byte[] shuffled(byte[] bytes, Random random) {
        List<byte[]> records = records(bytes);
        java.util.Collections.shuffle(records, random);
        return Bytes.join(records.toArray(byte[][]::new));
    }

    /** How often each request may have been begun, by an id. */
    static Map<Integer, Integer> begun(byte[] bytes) {
        Map<Integer, Integer> begun = new LinkedHashMap<>();
        for (byte[] record : records(bytes)) {
            if (record.length >= 8 && record[0] == 1 && record[1] == BEGIN) {
                begun.merge((record[2] & 255) << 8 | (record[3] & 255), 1, Integer::sum);
            }
        }
        return begun;
    }

    private static List<byte[]> records(byte[] bytes) {
        List<byte[]> records = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int length = 8;
            if (at + 8 <= bytes.length) {
                length +=
                        ((bytes[at + 4] & 255) << 8 | (bytes[at + 5] & 255))
                                + (bytes[at + 6] & 255);
            }
            records.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + length)));
            at += length;
        }
        return records;
    }
}
