package org.procmon.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** The stack of an exception, bounded. */
final class StackText {
    private static final int MOST_LINES = 60;
    private static final int LONGEST_LINE = 200;

    private StackText() {}

    /** Each begins with a tab, and has no control character beside. */
    static List<String> lines(Throwable failure) {
        StringWriter all = new StringWriter();
        failure.printStackTrace(new PrintWriter(all));
        return all.toString()
                .lines()
                .skip(1)
                .limit(MOST_LINES)
                .map(String::strip)
                .map(line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line)
                .map(line -> "\t" + new LineText().escaped(line))
                .toList();
    }
}
