// Times are shown in the zone of whoever looks. The server learns it from this cookie (core/zones.py); the login page sets
// it before the first page that shows a time.
{
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const secure = location.protocol === "https:" ? "; secure" : "";
  if (zone) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}
