package org.procmon.control.protocol;

import java.util.List;

/**
 * Some events, in order.
 *
 * @param last the number to resume from
 * @param missed whether earlier events may be missing that are no longer kept
 */
public record EventBatch(List<EventLine> events, long last, boolean missed) {
    public EventBatch {
        events = List.copyOf(events);
    }
}
