package org.procmon.control.protocol;

import java.util.List;

/**
 * Some events, in order.
 *
 * @param last the number with which to go on
 * @param missed whether there may have been others before these that are not known any more
 */
public record EventBatch(List<EventLine> events, long last, boolean missed) {
    public EventBatch {
        events = List.copyOf(events);
    }
}
