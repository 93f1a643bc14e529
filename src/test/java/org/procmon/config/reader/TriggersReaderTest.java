package org.procmon.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procmon.config.Cron;
import org.procmon.config.Schedule;
import org.procmon.config.Signal;
import org.procmon.config.SpecResult;
import org.procmon.config.Triggers;
import org.procmon.config.Watch;

/** The keys that say what starts, stops, restarts or refreshes a process. */
class TriggersReaderTest {
    private static Triggers read(String keys) {
        String text =
                "{\"processes\":[{\"id\":\"a\",\"exec\":\"b\"" + keys.replace('\'', '"') + "}]}";
        SpecResult result =
                SpecReader.read(
                        "f", text.getBytes(StandardCharsets.UTF_8), Path.of("/srv"), Map.of());
        return ((SpecResult.Valid) result).spec().processes().getFirst().triggers();
    }

    private static Cron cron(String text) {
        return read(",'schedule':{'start':'" + text + "'}")
                .schedule()
                .flatMap(Schedule::start)
                .orElseThrow();
    }

    @Test
    void withoutTheKeysItIsTheDefaultItself() {
        assertThat(read("")).isSameAs(Triggers.DEFAULT);
    }

    @Test
    void aScheduleHasItsTimesAndItsZone() {
        Schedule schedule =
                read(",'schedule':{'stop':'0 18 * * 1-5','timezone':'Europe/Berlin',"
                                + "'overlap':'skip'}")
                        .schedule()
                        .orElseThrow();
        assertThat(schedule.start()).isEmpty();
        assertThat(schedule.restart()).isEmpty();
        assertThat(schedule.of(Schedule.Action.STOP)).map(Cron::text).contains("0 18 * * 1-5");
        assertThat(schedule.zone()).contains(ZoneId.of("Europe/Berlin"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0 0 * * 0         | 0
                    0 0 * * 7         | 0
                    0 0 * * Sun       | 0
                    0 0 * * 5-7       | 0 5 6
                    0 0 * * mon-fri/2 | 1 3 5
                    0 0 * * 2/3       | 2 5
                    0 0 * * *         | 0 1 2 3 4 5 6
                    """)
    void weekdaysAreThoseOfCron(String text, String values) {
        assertThat(words(cron(text).weekdays())).isEqualTo(values);
    }

    @Test
    void fiveFieldsBeginWithTheMinuteAndSixWithTheSecond() {
        Cron five = cron("5 4 3 feb *");
        assertThat(words(five.seconds())).isEqualTo("0");
        assertThat(words(five.minutes())).isEqualTo("5");
        assertThat(words(five.hours())).isEqualTo("4");
        assertThat(words(five.days())).isEqualTo("3");
        assertThat(words(five.months())).isEqualTo("2");
        Cron six = cron(" 50-59/3,1  5 4 3 2 * ");
        assertThat(words(six.seconds())).isEqualTo("1 50 53 56 59");
        assertThat(words(six.minutes())).isEqualTo("5");
    }

    @Test
    void aDayThatOnlySomeYearsHaveIsNotNever() {
        assertThat(words(cron("0 0 29 2 *").days())).isEqualTo("29");
        assertThat(words(cron("0 0 31 feb fri").days())).isEqualTo("31");
    }

    @Test
    void pathsToWatchComeInThreeWays() {
        Watch one = read(",'watch':'conf/app.json'").watch().orElseThrow();
        assertThat(one)
                .isEqualTo(
                        new Watch(List.of(Path.of("/srv/conf/app.json")), Duration.ofMillis(500)));
        assertThat(read(",'watch':['a','/b']").watch().orElseThrow().paths())
                .containsExactly(Path.of("/srv/a"), Path.of("/b"));
        assertThat(read(",'watch':{'paths':'a','quiet':'2s'}").watch())
                .contains(new Watch(List.of(Path.of("/srv/a")), Duration.ofSeconds(2)));
    }

    @Test
    void aReloadSignalIsOneThatCanBeHandled() {
        assertThat(read(",'reload_signal':'SIGHUP'").reloadSignal()).contains(Signal.HUP);
        assertThat(read(",'reload_signal':10").reloadSignal()).contains(Signal.USR1);
    }

    private static String words(long field) {
        return String.join(" ", Cron.values(field).mapToObj(String::valueOf).toList());
    }
}
