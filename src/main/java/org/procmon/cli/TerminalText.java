package org.procmon.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.procmon.control.protocol.TerminalSafe;

/**
 * A stream of bytes as text that is harmless for a terminal: UTF-8, in which a character may begin
 * in one piece and end in the next. Lines and tabs are left, all else as {@link TerminalSafe} has
 * it.
 */
final class TerminalText {
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] begun = {};

    /** The text of the next piece. */
    String of(byte... piece) {
        ByteBuffer bytes = ByteBuffer.allocate(begun.length + piece.length);
        bytes.put(begun).put(piece).flip();
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        decoder.reset().decode(bytes, text, false);
        begun = new byte[bytes.remaining()];
        bytes.get(begun);
        return TerminalSafe.lines(text.flip().toString());
    }
}
