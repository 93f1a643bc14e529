package org.procmon.front.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** One block of a PEM file. Source: RFC 7468. */
final class PemBlock {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** More than the longest chain has. */
    private static final int MOST_BLOCKS = 64;

    private final String label;
    private final byte[] der;

    private PemBlock(String label, byte[] der) {
        this.label = label;
        this.der = der;
    }

    /** Such as {@code CERTIFICATE}. */
    String label() {
        return label;
    }

    /** What it holds; it may be erased. */
    byte[] der() {
        return der;
    }

    /**
     * All blocks, in their order; what is between them is ignored.
     *
     * @throws IOException with what is wrong, as words that follow the name of the file
     */
    static List<PemBlock> all(byte[] file) throws IOException {
        String text = new String(file, ISO_8859_1);
        List<PemBlock> blocks = new ArrayList<>();
        int at = 0;
        while (true) {
            int begin = text.indexOf(BEGIN, at);
            if (begin < 0) {
                return blocks;
            }
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            if (labelEnd < 0) {
                throw new IOException("has a block whose first line is cut off");
            }
            String label = text.substring(begin + BEGIN.length(), labelEnd);
            int end = text.indexOf(END + label + DASHES, labelEnd);
            if (end < 0) {
                throw new IOException("has a block " + label + " without an end");
            }
            if (blocks.size() == MOST_BLOCKS) {
                throw new IOException("has more than " + MOST_BLOCKS + " blocks");
            }
            blocks.add(
                    new PemBlock(
                            label, bytes(label, text.substring(labelEnd + DASHES.length(), end))));
            at = end + END.length();
        }
    }

    private static byte[] bytes(String label, String body) throws IOException {
        if (body.indexOf(':') >= 0) {
            // The fields of RFC 1421, before the text: an encrypted key of an old format.
            return new byte[0];
        }
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new IOException("has a block " + label + " that is no base64", e);
        }
    }

    /** Without the content, which may be a key. */
    @Override
    public String toString() {
        return label;
    }
}
