package org.procmon.trigger.schedule;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.procmon.config.Cron;
import org.procmon.config.MonitorSpec;
import org.procmon.config.ProcessSpec;
import org.procmon.config.Schedule;
import org.procmon.config.SpecResult;
import org.procmon.config.reader.SpecReader;

/** Schedules as a configuration says them. */
final class Schedulings {
    private Schedulings() {}

    /** One process for each of these schedules: {@code p0}, {@code p1} and so on. */
    static MonitorSpec spec(String... keys) {
        StringBuilder text = new StringBuilder("{'processes':[{'id':'other','exec':'true'}");
        for (int i = 0; i < keys.length; i++) {
            text.append(",{'id':'p").append(i).append("','exec':'true',").append(keys[i]);
            text.append('}');
        }
        byte[] bytes =
                text.append("]}").toString().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return switch (SpecReader.read(Path.of("/srv/f"), bytes, Map.of())) {
            case SpecResult.Valid valid -> valid.spec();
            case SpecResult.Invalid invalid -> throw new AssertionError(invalid.problems());
        };
    }

    static List<ProcessSpec> processes(String... keys) {
        return spec(keys).processes();
    }

    /** Empty if the reader refuses it. */
    static Optional<Cron> cronIfAny(String text) {
        byte[] bytes =
                ("{\"processes\":[{\"id\":\"a\",\"exec\":\"b\",\"schedule\":{\"start\":\""
                                + text
                                + "\"}}]}")
                        .getBytes(StandardCharsets.UTF_8);
        return SpecReader.read(Path.of("/srv/f"), bytes, Map.of()) instanceof SpecResult.Valid
                ? Optional.of(cron(text))
                : Optional.empty();
    }

    static Cron cron(String text) {
        return processes("'schedule':{'start':'" + text + "'}")
                .getLast()
                .triggers()
                .schedule()
                .flatMap(Schedule::start)
                .orElseThrow();
    }
}
