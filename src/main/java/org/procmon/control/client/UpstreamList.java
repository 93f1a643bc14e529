package org.procmon.control.client;

import java.util.List;
import org.procmon.status.fields.ProcessRow;
import org.procmon.status.fields.StateAge;

/**
 * The list as upstream's programs print it: for {@code -o json} and {@code ?list}. Six keys in this
 * order, a space after each colon, none after a comma, no newline at the end.
 */
public final class UpstreamList {
    private static final String HEX = "0123456789abcdef";

    private UpstreamList() {}

    /** The array of all rows. */
    public static String json(List<ProcessRow> rows) {
        StringBuilder json = new StringBuilder(64 + 160 * rows.size());
        json.append('[');
        for (ProcessRow row : rows) {
            json.append(json.length() > 1 ? "," : "");
            append(json, row);
        }
        return json.append(']').toString();
    }

    /** The word for a row's state: {@code running} or {@code stopped}. */
    public static String state(ProcessRow row) {
        return row.isAlive() ? "running" : "stopped";
    }

    private static void append(StringBuilder json, ProcessRow row) {
        json.append("{\"name\": ");
        string(json, row.name());
        json.append(",\"pid\": ").append(row.pid());
        json.append(",\"runcount\": ").append(row.runcount());
        json.append(",\"since\": \"");
        StateAge.append(json, row.ageMs());
        json.append("\",\"state\": \"").append(state(row));
        json.append("\",\"exec\": ");
        string(json, row.exec());
        json.append('}');
    }

    /** Escapes what JSON requires, and what would control a terminal. */
    private static void string(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (Character.isISOControl(c)) {
                json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
