"""Jobs and openings of simulated Greenhouse. Closing the last open opening closes the job (greenhouse.md 3.1)."""

from __future__ import annotations

from connectors.base.simulation import Collection, Document, World, iso

FIRST_JOB = 71_001
FIRST_OPENING = 880_001
FIRST_POST = 5_001


class Positions:
    """What an account wants to fill: jobs, each with openings, posts and applications."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._jobs = world.collection("jobs")
        self._openings = world.collection("openings")
        self._of_job = world.collection("openings_of_job")
        self._by_requisition = world.collection("jobs_by_requisition")

    def add_job(
        self, requisition_id: str | None, *, account: str, name: str, status: str, n_posts: int, n_applications: int
    ) -> Document:
        now = iso(self._world.clock.now())
        number = self._world.next_number("jobs", first=FIRST_JOB)
        is_live = status == "open"
        posts = [{"id": self._world.next_number("posts", first=FIRST_POST), "live": is_live} for _ in range(n_posts)]
        job = {"id": number, "account": account, "name": name, "requisition_id": requisition_id, "status": status}
        job.update(created_at=now, updated_at=now, opened_at=None if status == "draft" else now)
        job.update(closed_at=now if status == "closed" else None, posts=posts, active_applications=n_applications)
        self._jobs.put(str(number), job)
        self._file(self._by_requisition, f"{account}|{requisition_id}", number)
        return job

    def add_opening(self, job: Document, *, is_open: bool = True, reason_id: int | None = None) -> Document:
        now = iso(self._world.clock.now())
        number = self._world.next_number("openings", first=FIRST_OPENING)
        place = self._file(self._of_job, str(job["id"]), number)
        opening = {"id": number, "job_id": job["id"], "account": job["account"], "opening_id": None, "open": is_open}
        opening.update(opened_at=now, closed_at=None if is_open else now, sort_order=place)
        opening.update(close_reason_id=None if is_open else reason_id, application_id=None, target_start_on=None)
        opening.update(custom_fields={}, created_at=now, updated_at=now)
        self._openings.put(str(number), opening)
        return opening

    def job(self, job_id: int, *, account: str = "") -> Document | None:
        found = self._jobs.get(str(job_id))
        return found if found and account in ("", found["account"]) else None

    def opening(self, opening_id: int, *, account: str = "") -> Document | None:
        found = self._openings.get(str(opening_id))
        return found if found and account in ("", found["account"]) else None

    def jobs(self, account: str) -> list[Document]:
        return [job for job in self._jobs.all() if job["account"] == account]

    def latest_jobs(self, limit: int) -> list[Document]:
        return self._jobs.latest(limit)

    def jobs_with(self, requisition_id: str, *, account: str) -> list[Document]:
        kept = self._by_requisition.get(f"{account}|{requisition_id}") or {"ids": []}
        return [job for number in kept["ids"] if (job := self.job(number))]

    def openings(self, account: str) -> list[Document]:
        return [opening for opening in self._openings.all() if opening["account"] == account]

    def openings_of(self, job_id: int) -> list[Document]:
        kept = self._of_job.get(str(job_id)) or {"ids": []}
        return [opening for number in kept["ids"] if (opening := self.opening(number))]

    def close(self, opening: Document, *, reason_id: int | None) -> Document:
        """Close an opening; a closed one keeps the moment at which it closed."""
        now = iso(self._world.clock.now())
        if reason_id is not None:
            opening["close_reason_id"] = reason_id
        opening.update(open=False, closed_at=opening["closed_at"] or now)
        self.keep(opening)
        job = self.job(opening["job_id"])
        if job and job["status"] == "open" and not any(one["open"] for one in self.openings_of(job["id"])):
            # Posts vanish from every board; whoever applied stays an active candidate.
            posts = [{**post, "live": False} for post in job["posts"]]
            self._jobs.put(
                str(job["id"]), {**job, "status": "closed", "closed_at": now, "updated_at": now, "posts": posts}
            )
        return opening

    def reopen(self, opening: Document) -> Document:
        opening.update(open=True, closed_at=None, close_reason_id=None)
        self.keep(opening)
        job = self.job(opening["job_id"])
        if job and job["status"] == "closed":
            self._jobs.put(str(job["id"]), {**job, "status": "open", "closed_at": None})
        return opening

    def keep(self, opening: Document) -> None:
        opening["updated_at"] = iso(self._world.clock.now())
        self._openings.put(str(opening["id"]), opening)

    def _file(self, index: Collection, key: str, number: int) -> int:
        """Add the number under the key and say at which place it stands."""
        kept = index.get(key) or {"ids": []}
        index.put(key, {"ids": [*kept["ids"], number]})
        return len(kept["ids"])
