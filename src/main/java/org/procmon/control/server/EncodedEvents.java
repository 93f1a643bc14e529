package org.procmon.control.server;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.procmon.chronicle.Noted;
import org.procmon.control.protocol.Json;
import org.procmon.control.protocol.MessageBuffer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;

/**
 * The latest events as JSON, so that however many watch, each is encoded once. It keeps about half
 * a megabyte of them. Safe from any thread: two that meet encode the same.
 */
final class EncodedEvents {
    /** More than those who read are usually apart; one that is further behind does without. */
    static final int KEPT = 1024;

    private final AtomicReferenceArray<@Nullable Encoded> ring = new AtomicReferenceArray<>(KEPT);

    private record Encoded(long number, SerializableString json) {}

    SerializableString json(Noted noted) {
        int slot = (int) Math.floorMod(noted.number(), (long) KEPT);
        Encoded kept = ring.get(slot);
        if (kept != null && kept.number() == noted.number()) {
            return kept.json();
        }
        SerializableString json = encode(noted);
        if (kept == null || kept.number() < noted.number()) {
            ring.set(slot, new Encoded(noted.number(), json));
        }
        return json;
    }

    private static SerializableString encode(Noted noted) {
        MessageBuffer buffer = new MessageBuffer();
        try (JsonGenerator json = Json.generator(buffer)) {
            EventWriter.write(json, noted);
        }
        return new SerializedString(buffer.text());
    }
}
