package org.procmon.control.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.procmon.chronicle.Happening;
import org.procmon.chronicle.Noted;
import org.procmon.lifecycle.Ticks;
import tools.jackson.core.SerializableString;

class EncodedEventsTest {
    private final EncodedEvents encoded = new EncodedEvents();

    @Test
    void anEventIsEncodedOnce() {
        SerializableString json = encoded.json(noted(7));
        assertThat(encoded.json(noted(7))).isSameAs(json);
        assertThat(json.getValue())
                .isEqualTo(
                        "{\"number\":7,\"at\":\"1970-01-01T00:00:01.000Z\",\"monotonic_ns\":9,"
                                + "\"kind\":\"monitor\",\"name\":\"procmon1\",\"what\":\"event 7\","
                                + "\"cause\":\"\",\"text\":\"procmon1: event 7\"}");
    }

    @Test
    void aLaterOneTakesThePlaceOfAnEarlierOneAndNotTheOtherWayRound() {
        int later = 7 + EncodedEvents.KEPT;
        encoded.json(noted(7));
        SerializableString json = encoded.json(noted(later));
        assertThat(json.getValue()).contains("event " + later);
        assertThat(encoded.json(noted(7)).getValue()).contains("event 7");
        assertThat(encoded.json(noted(later))).isSameAs(json);
    }

    private static Noted noted(long number) {
        return new Noted(
                number,
                new Ticks(9),
                1000,
                new Happening.OfMonitor("procmon1", "event " + number, ""));
    }
}
