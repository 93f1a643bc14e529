package org.procmon.usage;

import java.util.HashMap;
import java.util.Map;
import org.procmon.supervise.port.UsageSource;

/** The resource use of sessions, on request. Any thread. */
public final class SessionUsageSource implements UsageSource {
    @Override
    public Map<Integer, Used> now() {
        Map<Integer, Used> all = new HashMap<>();
        SessionScan.usage()
                .forEach((session, usage) ->
                        all.put(session, new Used(usage.processorTime(), usage.bytes())));
        return all;
    }
}
