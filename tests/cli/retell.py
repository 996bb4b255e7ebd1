"""retell.py - as much of Retell as one call needs: it is answered, and the person confirms."""

import contextlib
import http.server
import json
import threading
import time


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")
        if self.path == "/v2/create-phone-call":
            self.server.call = {
                "call_id": "call_c1", "call_type": "phone_call", "call_status": "registered",
                "from_number": body["from_number"], "to_number": body["to_number"],
                "direction": "outbound", "agent_id": "agent_1", "metadata": body.get("metadata")}
            self.answer(201, self.server.call)
        elif self.path == "/v3/list-calls":
            self.answer(200, {"has_more": False, "items": [self.server.call]})
        else:
            self.answer(404, {"status": "error", "message": "no such path"})

    def do_GET(self):
        if self.path.startswith("/v2/get-call/"):
            now = int(time.time() * 1000)
            self.answer(200, {
                **self.server.call, "call_status": "ended", "disconnection_reason": "user_hangup",
                "start_timestamp": now - 40000, "end_timestamp": now - 8500,
                "duration_ms": 31500, "transcript": "Agent: Will you come?\nUser: I will.\n",
                "call_analysis": {"in_voicemail": False, "call_successful": True,
                                  "user_sentiment": "Positive",
                                  "custom_analysis_data": {"appointment_confirmed": True}}})
        elif self.path == "/get-concurrency":
            self.answer(200, {"current_concurrency": 0, "concurrency_limit": 20})
        else:
            self.answer(200, {"api_key_name": "test", "org_name": "test"})

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving():
    """Serves on a free port of the loopback; gives the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.call = None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
