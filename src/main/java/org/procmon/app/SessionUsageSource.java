package org.procmon.app;

import java.util.HashMap;
import java.util.Map;
import org.procmon.supervise.port.UsageSource;
import org.procmon.usage.SessionScan;

/** The resource use of sessions, on request. Any thread. */
final class SessionUsageSource implements UsageSource {
    @Override
    public Map<Integer, Used> now() {
        Map<Integer, Used> all = new HashMap<>();
        SessionScan.usage()
                .forEach((session, usage) ->
                        all.put(session, new Used(usage.processorTime(), usage.bytes())));
        return all;
    }
}
