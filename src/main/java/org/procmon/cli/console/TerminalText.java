package org.procmon.cli.console;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.procmon.bytes.TerminalSafe;

/**
 * A stream of bytes as text that is harmless for a terminal: UTF-8, where a character may start in
 * one piece and end in the next. Line ends and tabs are kept; {@link TerminalSafe} replaces the
 * rest.
 */
public final class TerminalText {
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] partial = {};

    /** The text of the next piece. */
    public String of(byte... piece) {
        ByteBuffer bytes = ByteBuffer.allocate(partial.length + piece.length);
        bytes.put(partial).put(piece).flip();
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        decoder.reset().decode(bytes, text, false);
        partial = new byte[bytes.remaining()];
        bytes.get(partial);
        return TerminalSafe.lines(text.flip().toString());
    }
}
