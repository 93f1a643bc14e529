package org.procmon.log;

/**
 * {@code time LEVEL area: event key=value}. Values are written as in logfmt; that of a process
 * stands among the words. An exception's stack follows in lines that begin with a tab.
 */
final class TextFormat implements LineFormat {
    private final LineTime time;

    TextFormat(LineTime time) {
        this.time = time;
    }

    @Override
    public String line(LogLine line) {
        LineText text = new LineText();
        text.plain(time.before(line.wallMillis(), line.level()))
                .plain(line.level().name())
                .plain(" ")
                .plain(line.area())
                .plain(": ");
        line.message(text::escaped, text::subject);
        for (LogField field : line.fields()) {
            if (!line.isAmongWords(field)) {
                if (!text.hasRoomFor(field.key().length() + 2)) {
                    break;
                }
                text.plain(" ").plain(field.key()).plain("=").value(field.value());
            }
        }
        Throwable failure = line.failure();
        if (failure == null) {
            return text.plain("\n").toString();
        }
        text.plain(" error=").value(LogField.cut(failure.toString())).plain("\n");
        StringBuilder all = new StringBuilder(text.toString());
        for (String frame : StackText.lines(failure)) {
            if (time == LineTime.JOURNAL) {
                all.append(LineTime.priority(line.level()));
            }
            all.append(frame).append('\n');
        }
        return all.toString();
    }
}
