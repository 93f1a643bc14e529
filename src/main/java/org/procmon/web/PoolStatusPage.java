package org.procmon.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import org.procmon.http.HttpAnswer;
import org.procmon.status.fields.PoolRow;
import org.procmon.status.fields.PoolWorkerRow;
import tools.jackson.core.JsonGenerator;

/**
 * The status page of php-fpm for a pool, so that what reads that page reads this one: the same keys
 * in the same order, as text or as JSON. What the monitor does not know, since it reads no request,
 * is {@code null}, or {@code -} in the text. Source: the status page of php-fpm(8), with {@code
 * json} and {@code full}.
 */
final class PoolStatusPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final String SEPARATOR = "\n************************\n";
    private static final String START_TIME = "start time";
    private static final int COLUMN = 22;
    private static final long MICROS = 1000;

    private PoolStatusPage() {}

    static HttpAnswer of(PoolRow pool, boolean full, boolean json) {
        return json ? HttpAnswer.json(json(pool, full)) : HttpAnswer.text(text(pool, full));
    }

    private static Map<String, @Nullable Object> values(PoolRow pool) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("pool", pool.name());
        values.put("process manager", pool.setup().mode());
        values.put(START_TIME, seconds(pool.condition().since()));
        values.put("start since", pool.condition().ageMs() / 1000);
        values.put("accepted conn", null);
        values.put("listen queue", pool.queue().waiting());
        values.put("max listen queue", pool.counters().longestQueue());
        values.put("listen queue len", pool.queue().limit());
        values.put("idle processes", pool.load().idle());
        values.put("active processes", pool.load().busy());
        values.put("total processes", pool.total());
        values.put("max active processes", pool.counters().mostBusy());
        values.put("max children reached", pool.counters().maxReached());
        values.put("slow requests", null);
        values.put("memory peak", null);
        return values;
    }

    private static Map<String, @Nullable Object> values(PoolWorkerRow worker) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        String work = worker.activity().map(PoolWorkerRow.Activity::work).orElse("");
        values.put("pid", worker.pid());
        values.put("state", state(work));
        values.put(START_TIME, worker.started().map(PoolStatusPage::seconds).orElse(null));
        values.put("start since", orNull(worker.uptimeMs(), ms -> ms / 1000));
        values.put("requests", null);
        values.put(
                "request duration",
                work.equals("busy")
                        ? orNull(worker.activity().orElseThrow().busyMs(), ms -> ms * MICROS)
                        : null);
        values.put("request method", null);
        values.put("request uri", null);
        values.put("content length", null);
        values.put("user", null);
        values.put("script", null);
        values.put("last request cpu", null);
        values.put("last request memory", null);
        return values;
    }

    private static @Nullable String state(String work) {
        return switch (work) {
            case "idle", "kept" -> "Idle";
            case "busy" -> "Running";
            case "starting" -> "Creating";
            case "stopping" -> "Ending";
            default -> null;
        };
    }

    /** Those that run; php-fpm shows no others. */
    private static List<PoolWorkerRow> running(PoolRow pool) {
        return pool.workers().stream().filter(worker -> worker.activity().isPresent()).toList();
    }

    private static byte[] json(PoolRow pool, boolean full) {
        MessageBuffer buffer = new MessageBuffer();
        try (JsonGenerator json = Json.generator(buffer)) {
            json.writeStartObject();
            write(json, values(pool));
            if (full) {
                json.writeArrayPropertyStart("processes");
                for (PoolWorkerRow worker : running(pool)) {
                    json.writeStartObject();
                    write(json, values(worker));
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return buffer.text().getBytes(UTF_8);
    }

    private static void write(JsonGenerator json, Map<String, @Nullable Object> values) {
        values.forEach((key, value) -> {
            json.writeName(key);
            switch (value) {
                case null -> json.writeNull();
                case Number number -> json.writeNumber(number.longValue());
                default -> Json.string(json, value.toString());
            }
        });
    }

    private static String text(PoolRow pool, boolean full) {
        StringBuilder text = new StringBuilder(512);
        write(text, values(pool));
        if (full) {
            for (PoolWorkerRow worker : running(pool)) {
                text.append(SEPARATOR);
                write(text, values(worker));
            }
        }
        return text.toString();
    }

    private static void write(StringBuilder text, Map<String, @Nullable Object> values) {
        values.forEach((key, value) -> {
            String label = (key.equals("request uri") ? "request URI" : key) + ":";
            text.append(label).repeat(' ', COLUMN - label.length());
            text.append(words(key, value)).append('\n');
        });
    }

    private static String words(String key, @Nullable Object value) {
        if (value == null) {
            return "-";
        }
        return key.equals(START_TIME)
                ? TIME.format(Instant.ofEpochSecond((Long) value))
                : value.toString();
    }

    private static long seconds(String rfc3339) {
        return Instant.parse(rfc3339).getEpochSecond();
    }

    private static @Nullable Long orNull(OptionalLong millis, LongUnaryOperator unit) {
        return millis.isPresent() ? unit.applyAsLong(millis.getAsLong()) : null;
    }
}
