package org.procmon.importing.draft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.procmon.config.reader.SpecReader;

/**
 * A text file, line by line. Its lines have no control characters but tabs, so importers can use
 * the others as marks.
 */
public record SourceFile(Path path, List<String> lines) {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    public static SourceFile read(Path path) throws ImportAborted {
        byte[] bytes;
        try {
            bytes = SpecReader.bytes(path);
        } catch (IOException e) {
            throw ImportAborted.unreadable(
                    new ImportResult.Unreadable(path, String.valueOf(e.getMessage())));
        }
        if (bytes.length > SpecReader.LARGEST_FILE) {
            int largest = SpecReader.LARGEST_FILE >> 20;
            throw ImportAborted.at(
                    new SourceLocation(path, 1), "the file is larger than " + largest + " MiB");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        boolean broken = StandardCharsets.UTF_8.newDecoder().decode(in, text, true).isError();
        SourceFile file = new SourceFile(path, lines(text.flip().toString()));
        file.checkCharacters();
        if (broken) {
            throw ImportAborted.at(file.spot(file.lines.size() - 1), "this is not UTF-8");
        }
        return file;
    }

    /** The place of a line, counted from 0 here. */
    public SourceLocation spot(int index) {
        return new SourceLocation(path, index + 1);
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        while (start <= text.length()) {
            int end = text.indexOf('\n', start);
            int stop = end < 0 ? text.length() : end;
            int last = stop > start && text.charAt(stop - 1) == '\r' ? stop - 1 : stop;
            lines.add(text.substring(start, last));
            start = stop + 1;
        }
        return lines;
    }

    private void checkCharacters() throws ImportAborted {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            for (int at = 0; at < line.length(); at++) {
                char c = line.charAt(at);
                if (c != '\t' && Character.isISOControl(c)) {
                    throw ImportAborted.at(
                            spot(i),
                            "this is not text: it has a control character of the number "
                                    + (int) c);
                }
            }
        }
    }
}
